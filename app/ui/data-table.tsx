import { Text as PolarisText } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Checkbox } from "./checkbox.tsx";
import styles from "./data-table.module.css";

export type Column<Row> = {
  readonly key: string;
  readonly label: string;
  /** Figures stand at the end of their column. */
  readonly figure?: boolean;
  /** Words that may take several lines; everything else stays on one. */
  readonly wraps?: boolean;
  readonly cell: (row: Row) => ReactNode;
};

/** Which rows are selected, by id, and what the boxes say that select them. */
export type Selection<Row> = {
  readonly selected: readonly string[];
  readonly onSelect: (selected: readonly string[]) => void;
  readonly allLabel: string;
  readonly rowLabel: (row: Row) => string;
};

/**
 * Rows of facts; each row becomes a block of labelled lines where the card is narrow, without a script measuring it
 * (Polaris' IndexTable does, and shifts). The cells keep their labels for where the columns have no head.
 */
export function DataTable<Row extends { readonly id: string }>({
  label,
  columns,
  rows,
  selection,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  selection?: Selection<Row>;
}) {
  return (
    <div className={styles.room}>
      <table className={styles.table} aria-label={label}>
        <thead className={styles.head}>
          <tr>
            {selection ? <SelectAll rows={rows} selection={selection} /> : null}
            {columns.map((column) => (
              <th key={column.key} scope="col" className={classOf(column)}>
                <PolarisText as="span" variant="bodySm" fontWeight="medium" tone="subdued">
                  {column.label}
                </PolarisText>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={styles.row}>
              {selection ? <SelectRow row={row} selection={selection} /> : null}
              {columns.map((column) => (
                <td key={column.key} data-label={column.label} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Selectable = { readonly id: string };

function SelectAll<Row extends Selectable>({ rows, selection }: { rows: readonly Row[]; selection: Selection<Row> }) {
  const { selected, onSelect, allLabel } = selection;
  const some = selected.length > 0 && selected.length < rows.length;
  return (
    <td className={`${styles.select} ${styles.all}`} data-label={allLabel}>
      <Checkbox
        label={allLabel}
        labelHidden
        checked={some ? "mixed" : selected.length > 0}
        onChange={(checked) => onSelect(checked ? rows.map(({ id }) => id) : [])}
      />
    </td>
  );
}

function SelectRow<Row extends Selectable>({ row, selection }: { row: Row; selection: Selection<Row> }) {
  const { selected, onSelect, rowLabel } = selection;
  const others = selected.filter((id) => id !== row.id);
  return (
    <td className={styles.select}>
      <Checkbox
        label={rowLabel(row)}
        labelHidden
        checked={selected.includes(row.id)}
        onChange={(checked) => onSelect(checked ? [...others, row.id] : others)}
      />
    </td>
  );
}

function classOf({ figure, wraps }: Pick<Column<never>, "figure" | "wraps">): string | undefined {
  if (figure) return styles.figure;
  return wraps ? styles.wrapping : undefined;
}
