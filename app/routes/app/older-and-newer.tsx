import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import type { Page } from "#app/lib/page.ts";
import { Pagination } from "#app/ui/pagination.tsx";

/** The ways from a page of a list to those beside it and to the newest; what the list is narrowed down to stays. */
export function OlderAndNewer({ newer, older }: Pick<Page<unknown>, "newer" | "older">) {
  const { t } = useTranslation();
  const [current] = useSearchParams();
  const addressOf = (place: { before?: string; after?: string }) => {
    const parameters = new URLSearchParams(current);
    for (const cursor of ["before", "after"]) parameters.delete(cursor);
    for (const [cursor, row] of Object.entries(place)) parameters.set(cursor, row);
    return `?${parameters}`;
  };
  const first = !current.has("before") && newer === undefined;
  return (
    <Pagination
      label={t("page.label")}
      steps={[
        { label: t("page.newest"), to: first ? null : addressOf({}) },
        { label: t("page.newer"), to: newer ? addressOf({ after: newer }) : null },
        { label: t("page.older"), to: older ? addressOf({ before: older }) : null },
      ]}
    />
  );
}
