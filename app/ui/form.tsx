import type { ReactNode } from "react";
import styles from "./form.module.css";

/**
 * Fields that are saved by the admin's bar or by Enter. Browsers send a form of several fields on Enter only where it has
 * a button: this one is neither seen nor reached, the bar's is.
 */
export function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <button type="submit" className={styles.submit} tabIndex={-1} aria-hidden="true" />
    </form>
  );
}
