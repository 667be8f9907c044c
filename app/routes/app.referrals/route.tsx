import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { listReferrals, type ReferralFilter, type ReferralRow } from "#app/domain/referrals/list-referrals.ts";
import { readReferrerName } from "#app/domain/referrals/referrer.ts";
import { states } from "#app/domain/referrals/rules.ts";
import { merchant } from "#app/merchant.server.ts";
import { choiceOf, idOf, isFirst, placeOf, searchOf } from "#app/routes/app/cursor.ts";
import { ListControls } from "#app/routes/app/list-controls.tsx";
import { OlderAndNewer } from "#app/routes/app/older-and-newer.tsx";
import { transact } from "#app/transact.server.ts";
import { FlushCard } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { type Formats, formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { TextLink } from "#app/ui/text.tsx";
import { judgeReferrals } from "./judge-referrals.server.ts";
import { JudgeableReferrals } from "./judgeable-referrals.tsx";
import { OfReferrer } from "./of-referrer.tsx";

export { clientAction } from "#app/routes/app/or-unanswered.ts";
export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

/** What the list can be narrowed down to: a state, or coupons that failed. */
const shows = ["coupon_failed", ...states] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const place = placeOf(request);
  const search = searchOf(request);
  const show = choiceOf(request, "show", shows);
  const referrerId = idOf(request, "referrer", "rfr");
  const filter = { ...place, ...narrowedTo(show), referrerId, search };
  const { rows, newer, older, of } = await transact(shopId, async (ctx) => ({
    ...(await listReferrals(ctx, filter)),
    of: referrerId && (await readReferrerName(ctx, referrerId)),
  }));
  const formats = formatsFor(locale, shop.timezone);
  return {
    referrals: rows.map((row) => shown(row, formats)),
    first: isFirst(place),
    filtered: search !== undefined || show !== undefined || referrerId !== undefined,
    of,
    newer,
    older,
  };
}

function narrowedTo(show: (typeof shows)[number] | undefined): Partial<ReferralFilter> {
  return show === "coupon_failed" ? { failedReward: true } : { state: show };
}

export async function action({ request }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const answer = await judgeReferrals(await request.formData(), shopId);
  return data(answer, { status: answer.ok ? 200 : 422 });
}

/** A referral as the page shows it. */
export type ShownReferral = Omit<ReferralRow, "createdAt" | "revenue"> & { date: string; revenue: string };

function shown({ createdAt, revenue, ...row }: ReferralRow, formats: Formats): ShownReferral {
  return { ...row, date: formats.moment(createdAt), revenue: formats.money(revenue) };
}

export default function Referrals() {
  const { t } = useTranslation();
  const { referrals, first, filtered, of, newer, older } = useLoaderData<typeof loader>();
  const none = referrals.length === 0 && first && !filtered;
  const show = useShows();
  return (
    <Page title={t("referrals.title")} wide action={<TextLink to="/app/uncounted">{t("uncounted.title")}</TextLink>}>
      <FlushCard>
        {none ? (
          <EmptyState title={t("referrals.empty.title")} text={t("referrals.empty.text")} />
        ) : (
          <>
            <ListControls searchLabel={t("referrals.search")} found={referrals.length} filter={show} />
            {of === undefined ? null : <OfReferrer name={of} />}
            <JudgeableReferrals referrals={referrals} />
          </>
        )}
        <OlderAndNewer newer={newer} older={older} />
      </FlushCard>
    </Page>
  );
}

function useShows() {
  const { t } = useTranslation();
  return {
    parameter: "show",
    label: t("referrals.show.label"),
    options: [
      { value: "", label: t("referrals.show.all") },
      { value: "coupon_failed", label: t("referrals.couponFailed") },
      ...states.map((state) => ({ value: state, label: t(`referrals.state.${state}`) })),
    ],
  };
}
