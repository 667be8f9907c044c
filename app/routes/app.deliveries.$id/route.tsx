import { type ActionFunctionArgs, data, type HeadersFunction, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { boundary } from "@shopify/shopify-app-remix/server";
import { useTranslation } from "react-i18next";
import { type DeliveryAttempt, type DeliveryDetail, readDelivery } from "#app/delivery/log.ts";
import { retryDelivery } from "#app/delivery/replay.ts";
import { deliveryDeps } from "#app/delivery.server.ts";
import { merchant } from "#app/merchant.server.ts";
import { deliveryName } from "#app/routes/app/delivery-name.ts";
import { DeliveryReason, DeliveryState } from "#app/routes/app/delivery-state.tsx";
import { notFound } from "#app/routes/app/not-found.ts";
import { transact } from "#app/transact.server.ts";
import { Card } from "#app/ui/card.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Facts } from "#app/ui/facts.tsx";
import { type Formats, formatsFor } from "#app/ui/formats.ts";
import { Page } from "#app/ui/page.tsx";
import { AttemptCard } from "./attempt-card.tsx";
import { SendAgain } from "./send-again.tsx";

export { ProblemBoundary as ErrorBoundary } from "#app/routes/app/problem.tsx";

export const headers: HeadersFunction = (args) => boundary.headers(args);

export async function loader({ request, params: { id = "" } }: LoaderFunctionArgs) {
  const { shopId, shop, locale } = await merchant(request);
  const delivery = await transact(shopId, ({ tx }) => readDelivery(tx, shopId, id));
  if (!delivery) throw notFound();
  return { delivery: shown(delivery, formatsFor(locale, shop.timezone)) };
}

/** Sends it again. */
export async function action({ request, params: { id = "" } }: ActionFunctionArgs) {
  const { shopId } = await merchant(request);
  const outcome = await retryDelivery(deliveryDeps, { shopId, id });
  if (!outcome.ok && outcome.because === "not_found") throw notFound();
  return data(outcome, { status: outcome.ok ? 200 : 422 });
}

function shown(
  { kind, event, personName, personEmail, state, reason, occurredAt, tries }: DeliveryDetail,
  formats: Formats,
) {
  return {
    kind,
    event,
    personName,
    personEmail,
    state,
    reason,
    time: formats.exactMoment(occurredAt),
    tries: tries.map(({ at, durationMs, ...attempt }, i) => ({
      ...attempt,
      number: isAttempt(attempt) ? formats.number(tries.slice(0, i + 1).filter(isAttempt).length) : null,
      time: formats.exactMoment(at),
      duration: formats.number(durationMs),
    })),
  };
}

/** A look-up that found something sent nothing: the list does not count it either. */
function isAttempt({ outcome }: Pick<DeliveryAttempt, "outcome">): boolean {
  return outcome !== "found";
}

/** One call for a delivery, as the page shows it. */
export type ShownAttempt = ReturnType<typeof shown>["tries"][number];

export default function Delivery() {
  const { t } = useTranslation();
  const { delivery } = useLoaderData<typeof loader>();
  const { kind, event, personName, personEmail, state, reason, time, tries } = delivery;
  return (
    <Page
      wide
      title={deliveryName(t, { kind, event })}
      badge={<DeliveryState state={state} />}
      back={{ label: t("deliveries.title"), to: "/app/deliveries" }}
    >
      <Card>
        <Facts
          items={[
            {
              label: t("deliveries.column.person"),
              value: [personName, personEmail].filter(Boolean).join(", ") || t("deliveries.nobody"),
            },
            { label: t("deliveries.happened"), value: time },
          ]}
        />
        <DeliveryReason reason={reason} />
        {kind === "list" && state === "delivered" ? null : <SendAgain kind={kind} />}
      </Card>
      {tries.map((attempt) => (
        <AttemptCard key={attempt.id} attempt={attempt} />
      ))}
      {tries.length === 0 && state === "pending" ? (
        <Card>
          <EmptyState title={t("deliveries.noAttempts.title")} text={t("deliveries.noAttempts.text")} />
        </Card>
      ) : null}
    </Page>
  );
}
