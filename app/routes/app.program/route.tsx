import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { ensureProgram } from "#app/domain/referrals/program.ts";
import { updateProgram } from "#app/domain/referrals/update-program.ts";
import { merchant } from "#app/merchant.server.ts";
import { transact } from "#app/transact.server.ts";
import { Banner } from "#app/ui/banner.tsx";
import { Split, Stack } from "#app/ui/layout.tsx";
import { Page } from "#app/ui/page.tsx";
import { SaveBar } from "#app/ui/save-bar.tsx";
import { formOf, parseForm, termsOf } from "./form.ts";
import { Preview } from "./preview.tsx";
import { RewardCard } from "./reward-card.tsx";
import { RulesCard } from "./rules-card.tsx";
import { useProgramForm } from "./use-program-form.ts";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, locale } = await merchant(request);
  return transact(shopId, async (ctx) => {
    const { currency } = ctx.shop;
    const { terms } = await ensureProgram(ctx);
    return { form: formOf(terms, currency), reader: { currency, locale } };
  });
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
  const { form: stored, reader } = useLoaderData<typeof loader>();
  const state = useProgramForm(stored, reader);
  const { form, busy, changed, wrong, save, discard } = state;
  return (
    <Page title={t("program.title")}>
      {wrong.length > 0 ? <Banner tone="error" title={t("program.notSaved", { count: wrong.length })} /> : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) save();
        }}
      >
        <Split aside={<Preview form={form} />}>
          <Stack>
            <RewardCard whose="recipient" state={state} currency={reader.currency} />
            <RewardCard whose="referrer" state={state} currency={reader.currency} />
            <RulesCard state={state} currency={reader.currency} />
          </Stack>
        </Split>
      </form>
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
