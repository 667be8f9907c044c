import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import { isUnanswered } from "./or-unanswered.ts";

/** Sends what a merchant does to an action whose page has `clientAction`, and holds what became of it. */
export function useAnswer<Action>() {
  const fetcher = useFetcher<Action>();
  const { data, state, formData, submit } = fetcher;
  const [seen, setSeen] = useState<unknown>();
  const busy = state !== "idle";
  const isLost = isUnanswered(data);
  return {
    answer: isLost ? undefined : data,
    busy,
    formData,
    submit,
    /** No answer came to what was sent last. */
    unanswered: isLost && !busy && data !== seen,
    /** The merchant has seen that, or has put away what was not saved. */
    dismiss: () => setSeen(data),
  };
}
