import { Text as PolarisText } from "@shopify/polaris";
import { memo, type ReactNode, useCallback, useState, useTransition } from "react";
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
  /** As of a state's setter: the same function at every rendering, or every row is drawn anew for each box. */
  readonly onSelect: (change: (selected: readonly string[]) => readonly string[]) => void;
  readonly allLabel: string;
  readonly rowLabel: (row: Row) => string;
};

/**
 * Rows of facts; each row becomes a block of labelled lines where the card is narrow, without a script measuring it
 * (Polaris' IndexTable does, and shifts). The cells keep their labels for where the columns have no head. Other rows
 * are another table: moving what is there to where it belongs now would be a shift, too.
 * @param columns the same array at every rendering where rows can be selected, so that only the selected row is drawn anew
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
  const onSelect = selection?.onSelect;
  const toggle = useCallback(
    (id: string, checked: boolean) =>
      onSelect?.((selected) => {
        const others = selected.filter((other) => other !== id);
        return checked ? [...others, id] : others;
      }),
    [onSelect],
  );
  return (
    <div className={styles.room}>
      <table key={rows.map(({ id }) => id).join()} className={styles.table} aria-label={label}>
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
              {selection ? (
                <SelectRow
                  id={row.id}
                  label={selection.rowLabel(row)}
                  selected={selection.selected.includes(row.id)}
                  onToggle={toggle}
                />
              ) : null}
              <Cells row={row} columns={columns} />
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
  // The box itself is ticked at once, the rows' boxes after that paint.
  const [isUnderWay, start] = useTransition();
  const [all, setAll] = useState(false);
  return (
    <td className={`${styles.select} ${styles.all}`} data-label={allLabel}>
      <Checkbox
        label={allLabel}
        labelHidden
        checked={isUnderWay ? all : some ? "mixed" : selected.length > 0}
        onChange={(checked) => {
          setAll(checked);
          start(() => onSelect(() => (checked ? rows.map(({ id }) => id) : [])));
        }}
      />
    </td>
  );
}

const SelectRow = memo(function SelectRow({
  id,
  label,
  selected,
  onToggle,
}: {
  id: string;
  label: string;
  selected: boolean;
  onToggle: (id: string, checked: boolean) => void;
}) {
  return (
    <td className={styles.select}>
      <Checkbox label={label} labelHidden checked={selected} onChange={(checked) => onToggle(id, checked)} />
    </td>
  );
});

const Cells = memo(function Cells<Row>({ row, columns }: { row: Row; columns: readonly Column<Row>[] }) {
  return columns.map((column) => (
    <td key={column.key} data-label={column.label} className={classOf(column)}>
      {column.cell(row)}
    </td>
  ));
}) as <Row>(props: { row: Row; columns: readonly Column<Row>[] }) => ReactNode;

function classOf({ figure, wraps }: Pick<Column<never>, "figure" | "wraps">): string | undefined {
  if (figure) return styles.figure;
  return wraps ? styles.wrapping : undefined;
}
