import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { areReferrals, readReferral } from "#app/domain/referrals/read-referral.ts";
import { retryRewards } from "#app/domain/rewards/retry-reward.ts";
import { merchant } from "#app/merchant.server.ts";
import { notFound } from "#app/routes/app/not-found.ts";
import { judgeReferrals } from "#app/routes/app.referrals/judge-referrals.server.ts";
import { ReferralState } from "#app/routes/app.referrals/state.tsx";
import { UncountedTable } from "#app/routes/app.uncounted/uncounted-table.tsx";
import { transact } from "#app/transact.server.ts";
import { Card } from "#app/ui/card.tsx";
import { formatsFor } from "#app/ui/formats.ts";
import { Split, Stack } from "#app/ui/layout.tsx";
import { Page } from "#app/ui/page.tsx";
import { Text } from "#app/ui/text.tsx";
import { Timeline } from "#app/ui/timeline.tsx";
import { Judge } from "./judge.tsx";
import { People } from "./people.tsx";
import { Rewards } from "./rewards.tsx";
import { shownReferral } from "./shown.ts";
import { momentOf } from "./story.tsx";
import { Why } from "./why.tsx";

export { clientAction } from "#app/routes/app/or-unanswered.ts";
export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request, params: { id = "" } }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const referral = await transact(shopId, (ctx) => readReferral(ctx, id));
  if (!referral) throw notFound();
  return { referral: shownReferral(referral, formatsFor(locale, shop.timezone)) };
}

export async function action({ request, params: { id = "" } }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const form = await request.formData();
  if (form.get("intent") === "retry-rewards") {
    if (!(await transact(shopId, (ctx) => areReferrals(ctx, [id])))) throw notFound();
    return data({ asked: await transact(shopId, (ctx) => retryRewards(ctx, id)) });
  }
  const answer = await judgeReferrals(form, shopId);
  return data(answer, { status: answer.ok ? 200 : 422 });
}

export default function Referral() {
  const { t } = useTranslation();
  const { referral } = useLoaderData<typeof loader>();
  const { referrerName, referrerEmail, recipientName, recipientEmail, steps, uncounted, moreUncounted } = referral;
  return (
    <Page
      wide
      title={t("referral.title", {
        referrer: referrerName || referrerEmail || t("page.noName"),
        friend: recipientName || recipientEmail || t("page.noName"),
      })}
      badge={<ReferralState {...referral} />}
      back={{ label: t("referrals.title"), to: "/app/referrals" }}
    >
      <Split
        aside={
          <Stack>
            <People referral={referral} />
            <Rewards rewards={referral.rewards} />
          </Stack>
        }
      >
        <Stack>
          <Why referral={referral} />
          <Judge referral={referral} />
          <Card title={t("referral.timeline")}>
            <Timeline label={t("referral.timeline")} moments={steps.map((step) => momentOf(t, step))} />
          </Card>
          {uncounted.length > 0 ? (
            <Card title={t("referral.uncounted")}>
              <UncountedTable orders={uncounted} />
              {moreUncounted > 0 ? (
                <Text tone="quiet">{t("referral.moreUncounted", { count: moreUncounted })}</Text>
              ) : null}
            </Card>
          ) : null}
        </Stack>
      </Split>
    </Page>
  );
}
