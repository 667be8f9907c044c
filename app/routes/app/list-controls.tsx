import { useLocation, useNavigation, useSearchParams } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Announcement } from "#app/ui/announcement.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { Inset, Split } from "#app/ui/layout.tsx";
import { SearchField } from "#app/ui/search-field.tsx";
import { type Option, Select } from "#app/ui/select.tsx";

/** A merchant who is still typing is not asked about. */
const PAUSE_MS = 300;

/**
 * Above a list: what it is searched for and narrowed down to. Both are in the page's address, so that a list can be
 * kept, sent and gone back to.
 */
export function ListControls({
  searchLabel,
  found,
  filter,
}: {
  searchLabel: string;
  /** Rows of the page that is shown: whoever does not see them hears how many there are now. */
  found: number;
  filter?: { parameter: string; label: string; options: readonly Option<string>[] };
}) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  // What was chosen stands there while it is loaded.
  const { pathname } = useLocation();
  const { location: next } = useNavigation();
  const shown = next?.pathname === pathname ? new URLSearchParams(next.search) : parameters;
  const narrow = (parameter: string, value: string) => {
    setParameters(
      (current) => {
        const next = new URLSearchParams(current);
        // What is found has pages of its own.
        for (const cursor of ["before", "after"]) next.delete(cursor);
        if (value) next.set(parameter, value);
        else next.delete(parameter);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  };
  return (
    <Inset>
      <Announcement>{t("page.found", { count: found })}</Announcement>
      <Split
        aside={
          filter ? (
            <Select
              label={filter.label}
              labelHidden
              options={filter.options}
              value={shown.get(filter.parameter) ?? ""}
              onChange={(value) => narrow(filter.parameter, value)}
            />
          ) : null
        }
      >
        <Search
          label={searchLabel}
          current={parameters.get("search") ?? ""}
          onSearch={(text) => narrow("search", text)}
        />
      </Split>
    </Inset>
  );
}

function Search({ label, current, onSearch }: { label: string; current: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(current);
  // What was searched for last: when it is found, what has been typed since stays.
  const asked = useRef(current);
  useEffect(() => {
    if (current === asked.current) return;
    asked.current = current;
    setText(current);
  }, [current]);
  useEffect(() => {
    if (text.trim() === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = text.trim();
      onSearch(asked.current);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return <SearchField label={label} value={text} onChange={setText} />;
}

/** What stands in a list's place where nothing was found; some lists can be narrowed down to a state, too. */
export function NothingFound({ byState = false }: { byState?: boolean }) {
  const { t } = useTranslation();
  const text = t(byState ? "page.nothingFound.textOfStates" : "page.nothingFound.text");
  return <EmptyState title={t("page.nothingFound.title")} text={text} />;
}
