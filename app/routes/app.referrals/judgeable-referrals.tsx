import { memo, useCallback, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { NothingFound } from "#app/routes/app/list-controls.tsx";
import { BulkActions } from "./bulk-actions.tsx";
import { ReferralsTable } from "./referrals-table.tsx";
import type { ShownReferral } from "./route.tsx";

/**
 * The list, of which some can be selected and judged together. A box shows at once that it is ticked; what can be done with
 * the selection follows after that paint. It is drawn anew for other referrals only, not for every step of a navigation.
 */
export const JudgeableReferrals = memo(function JudgeableReferrals({
  referrals,
}: {
  referrals: readonly ShownReferral[];
}) {
  const { t } = useTranslation();
  const [selected, setSelected] = useState<readonly string[]>([]);
  const here = useMemo(() => selected.filter((id) => referrals.some((row) => row.id === id)), [selected, referrals]);
  const rowLabel = useCallback(
    (row: ShownReferral) => t("referrals.select.one", { friend: row.recipientName || row.recipientEmail }),
    [t],
  );
  return (
    <>
      <BulkActions selected={useDeferredValue(here)} onDone={setSelected} />
      {referrals.length === 0 ? (
        <NothingFound byState />
      ) : (
        <ReferralsTable
          referrals={referrals}
          selection={{ selected: here, onSelect: setSelected, allLabel: t("referrals.select.all"), rowLabel }}
        />
      )}
    </>
  );
});
