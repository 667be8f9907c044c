import { useTranslation } from "react-i18next";
import { Person } from "#app/routes/app/person.tsx";
import { Card } from "#app/ui/card.tsx";
import { Facts } from "#app/ui/facts.tsx";
import type { ShownReferral } from "./shown.ts";

/** Who they are, and the order that it is about. */
export function People({ referral }: { referral: ShownReferral }) {
  const { t } = useTranslation();
  const { referrerName, referrerEmail, recipientName, recipientEmail, order, orderName, revenue, started } = referral;
  return (
    <Card title={t("referral.people")}>
      <Facts
        items={[
          { label: t("referrals.column.referrer"), value: <Person name={referrerName} email={referrerEmail} /> },
          { label: t("referrals.column.friend"), value: <Person name={recipientName} email={recipientEmail} /> },
          { label: t("referral.started"), value: started },
          ...(order
            ? [
                { label: t("referrals.column.order"), value: orderName ?? t("referrals.none") },
                { label: t("referral.placed"), value: order.placed },
                { label: t("referral.total"), value: order.total },
                { label: t("referrals.column.revenue"), value: revenue },
              ]
            : []),
        ]}
      />
    </Card>
  );
}
