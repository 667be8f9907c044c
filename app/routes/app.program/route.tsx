import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { carries, readConnections } from "#app/delivery/connections.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { updateProgram } from "#app/domain/referrals/update-program.ts";
import { merchant } from "#app/merchant.server.ts";
import { NoAnswer } from "#app/routes/app/no-answer.tsx";
import { transact } from "#app/transact.server.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Form } from "#app/ui/form.tsx";
import { Split, Stack } from "#app/ui/layout.tsx";
import { Page } from "#app/ui/page.tsx";
import { SaveBar } from "#app/ui/save-bar.tsx";
import { formOf, parseForm, termsOf } from "./form.ts";
import { Preview } from "./preview.tsx";
import { RewardCard } from "./reward-card.tsx";
import { RulesCard } from "./rules-card.tsx";
import { useProgramForm } from "./use-program-form.ts";

export { clientAction } from "#app/routes/app/or-unanswered.ts";
export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

/** The event that brings a friend the link which verifies their address. */
const VERIFICATION = "opted-in.recipient";

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId } = await merchant(request);
  const program = await transact(shopId, async (ctx) => {
    const { currency } = ctx.shop;
    const { terms } = await ensureProgram(ctx);
    return { form: formOf(terms, currency), currency };
  });
  const connections = await readConnections(deliveryDeps, shopId);
  return { ...program, linkIsSent: connections.some((connection) => carries(connection, VERIFICATION)) };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const form = parseForm(await request.json().catch(() => null));
  if (!form) throw new Response(null, { status: 400 });
  const outcome = await transact(shopId, (ctx) => updateProgram(ctx, termsOf(form, ctx.shop.currency)));
  if (outcome.kind === "refused") return data({ ok: false as const, errors: outcome.errors }, { status: 422 });
  return data({ ok: true as const });
}

export default function Program() {
  const { t } = useTranslation();
  const { form: stored, currency, linkIsSent } = useLoaderData<typeof loader>();
  const state = useProgramForm(stored, currency);
  const { form, busy, unanswered, changed, wrong, save, discard } = state;
  return (
    <Page title={t("program.title")}>
      {wrong.length > 0 ? <Banner tone="error" title={t("program.notSaved", { count: wrong.length })} /> : null}
      {unanswered ? <NoAnswer to="save" /> : null}
      <Form onSubmit={() => changed && save()}>
        <Split aside={<Preview form={form} />}>
          <Stack>
            <RewardCard whose="recipient" state={state} currency={currency} />
            <RewardCard whose="referrer" state={state} currency={currency} />
            <RulesCard state={state} currency={currency} linkIsSent={linkIsSent} />
          </Stack>
        </Split>
      </Form>
      <SaveBar
        id="program"
        open={changed}
        saving={busy}
        saveLabel={t("program.save")}
        discardLabel={t("program.discard")}
        onSave={save}
        onDiscard={discard}
      />
    </Page>
  );
}
