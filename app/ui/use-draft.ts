import { useEffect, useState } from "react";

/**
 * What a form says before it is saved. It begins anew when other values were stored; the same values read once more,
 * as after every answer of an action, leave what was typed alone.
 * @param stored plain values, as a loader gives them
 */
export function useDraft<Values>(stored: Values) {
  const [draft, setDraft] = useState(stored);
  const [base, setBase] = useState(stored);
  const same = JSON.stringify(stored) === JSON.stringify(base);
  useEffect(() => {
    if (same) return;
    setBase(stored);
    setDraft(stored);
  }, [same, stored]);
  return {
    draft,
    setDraft,
    changed: JSON.stringify(draft) !== JSON.stringify(stored),
    discard: () => setDraft(stored),
  };
}
