import { useFetcher } from "@remix-run/react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectionSettings } from "#app/delivery/connections.ts";
import type { ShownConnection } from "#app/routes/app/connections.ts";
import type { loader } from "#app/routes/app.integrations.$esp/route.ts";
import { Columns, Stack } from "#app/ui/layout.tsx";
import { Select } from "#app/ui/select.tsx";
import { Heading, Text } from "#app/ui/text.tsx";

type Lists = ConnectionSettings["lists"];
type Audience = keyof Lists;

const audiences = ["referrers", "recipients"] as const satisfies readonly Audience[];
const modes = ["none", "add", "subscribe"] as const satisfies readonly Lists[Audience]["mode"][];

/** Which list referrers and friends join, and whether they are subscribed. */
export function ListSettings({
  connection: { esp, name },
  lists,
  idOf,
  missing,
  onChange,
}: {
  connection: ShownConnection;
  lists: Lists;
  /** The id of a field's element, by the field's path. */
  idOf: (field: string) => string;
  /** Fields that the last save found wanting. */
  missing: readonly string[];
  onChange: (lists: Lists) => void;
}) {
  const { t } = useTranslation();
  const found = useLists(esp);
  return (
    <Stack>
      <Heading level={3}>{t("settings.lists.title")}</Heading>
      <Text tone="quiet">{t("settings.lists.about", { esp: name })}</Text>
      {audiences.map((audience) => {
        const { mode, listId } = lists[audience];
        const chosen = found.lists.find(({ id }) => id === listId);
        const asks = chosen?.doubleOptIn && mode === "subscribe";
        // One line below the field, whatever it says: nothing moves.
        const wrong = missing.includes(`lists.${audience}.listId`) && !listId;
        return (
          <Columns key={audience} wide={2}>
            <Select
              label={t(`settings.lists.${audience}`)}
              options={modes.map((value) => ({ value, label: t(`settings.lists.mode.${value}`) }))}
              value={mode}
              onChange={(next) => onChange({ ...lists, [audience]: { mode: next, listId } })}
            />
            <Select
              id={idOf(`lists.${audience}.listId`)}
              label={t(`settings.lists.list.${audience}`)}
              disabled={mode === "none"}
              options={[
                { value: "", label: t(found.ready ? "settings.lists.choose" : "settings.lists.loading") },
                ...found.lists.map(({ id, name: label }) => ({ value: id, label })),
                ...(listId && !chosen ? [{ value: listId, label: listId }] : []),
              ]}
              value={listId}
              help={wrong ? undefined : t(`settings.lists.${asks ? "doubleOptIn" : "from"}`, { esp: name })}
              error={wrong ? t("settings.lists.missing") : undefined}
              onChange={(next) => onChange({ ...lists, [audience]: { mode, listId: next } })}
            />
          </Columns>
        );
      })}
      <Text tone="quiet">{found.failed ? t("settings.lists.failed", { esp: name }) : t("settings.lists.consent")}</Text>
    </Stack>
  );
}

/** The ESP's own lists, asked for when the page is there: it need not wait for them. */
function useLists(esp: string) {
  const { load, data } = useFetcher<typeof loader>();
  useEffect(() => load(`/app/integrations/${esp}`), [load, esp]);
  return { lists: data?.ok ? data.lists : [], ready: data !== undefined, failed: data?.ok === false };
}
