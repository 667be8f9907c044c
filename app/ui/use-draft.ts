import { useEffect, useState } from "react";

/**
 * What a form says before it is saved. It begins anew with what is stored after a save, however that is written there, and
 * when others stored something else; what has been typed meanwhile stays.
 * @param stored plain values, as a loader gives them
 * @param saved the answer to the last save, once what was stored has been read again; a new object for every save
 */
export function useDraft<Values>(stored: Values, saved: object | undefined) {
  const [draft, setDraft] = useState(stored);
  const [sent, setSent] = useState(stored);
  const [base, setBase] = useState(stored);
  const [settled, setSettled] = useState(saved);
  const isSaved = saved !== undefined && saved !== settled;
  const isOther = !same(stored, base);
  useEffect(() => {
    if (!isSaved && !isOther) return;
    if (isSaved) setSettled(saved);
    setBase(stored);
    setDraft((typed) => (same(typed, isSaved ? sent : base) ? stored : typed));
  }, [isSaved, isOther, saved, stored, sent, base]);
  return {
    draft,
    setDraft,
    changed: !same(draft, stored),
    /** What was sent to be saved last. */
    sent,
    /** To be called with every save. */
    markSent: () => setSent(draft),
    discard: () => setDraft(stored),
  };
}

function same<Values>(one: Values, other: Values): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
