import { memo } from "react";
import { useTranslation } from "react-i18next";
import { whyCodeFailed } from "#app/routes/app/coupon-words.ts";
import { Person } from "#app/routes/app/person.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Stack } from "#app/ui/layout.tsx";
import { Text, TextLink } from "#app/ui/text.tsx";
import type { ShownReferrer } from "./route.tsx";

/** Who shares, and what it brought; the name leads to their referrals. */
export const ReferrersTable = memo(function ReferrersTable({ referrers }: { referrers: readonly ShownReferrer[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      label={t("referrers.title")}
      rows={referrers}
      columns={[
        {
          key: "referrer",
          label: t("referrals.column.referrer"),
          wraps: true,
          cell: ({ id, name, email }) => <Person name={name} email={email} to={`/app/referrals?referrer=${id}`} />,
        },
        {
          key: "link",
          label: t("referrers.link"),
          wraps: true,
          cell: ({ code, codeFailed, link }) => (
            <Stack gap="tight">
              <TextLink external to={link}>
                {code}
              </TextLink>
              {codeFailed === undefined ? null : (
                <Text>
                  {whyCodeFailed(t, codeFailed)} {t("referrers.codeFailed")}
                </Text>
              )}
            </Stack>
          ),
        },
        {
          key: "friends",
          label: t("referrers.friends"),
          figure: true,
          cell: ({ friends }) => <Text inline>{friends}</Text>,
        },
        {
          key: "successful",
          label: t("referrers.successful"),
          figure: true,
          cell: ({ successful }) => <Text inline>{successful}</Text>,
        },
        {
          key: "revenue",
          label: t("referrals.column.revenue"),
          figure: true,
          cell: ({ revenue }) => <Text inline>{revenue}</Text>,
        },
        { key: "joined", label: t("referrers.joined"), cell: ({ joined }) => <Text inline>{joined}</Text> },
      ]}
    />
  );
});
