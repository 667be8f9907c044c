import { useSearchParams } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { Pagination } from "#app/ui/pagination.tsx";

/**
 * The ends of a page of a list; what it is narrowed down to stays.
 * @param first whether it is the newest page
 * @param next the cursor that it ended with, if there are older ones
 */
export function OlderAndNewer({ first, next }: { first: boolean; next: string | undefined }) {
  const { t } = useTranslation();
  const [current] = useSearchParams();
  const addressOf = (before?: string) => {
    const parameters = new URLSearchParams(current);
    if (before) parameters.set("before", before);
    else parameters.delete("before");
    return `?${parameters}`;
  };
  return (
    <Pagination
      label={t("page.label")}
      newest={{ label: t("page.newest"), to: first ? null : addressOf() }}
      older={{ label: t("page.older"), to: next ? addressOf(next) : null }}
    />
  );
}
