import { useEffect, useRef } from "react";

/**
 * When something is done, what was pressed for it goes to sleep or away, and a keyboard would begin anew at the top of the
 * document: the page's heading takes the focus, unless the merchant has gone on elsewhere.
 * @param done a new object for everything that is done
 * @returns for the element around what is pressed
 */
export function useFocusOnHeading(done: object | undefined) {
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    const isElsewhere = activeElement !== body && !room.current?.contains(activeElement);
    const heading = document.querySelector("h1");
    if (!done || isElsewhere || !heading) return;
    heading.tabIndex = -1;
    heading.focus();
  }, [done]);
  return room;
}
