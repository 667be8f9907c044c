import { Box } from "@shopify/polaris";
import { Button } from "./button.tsx";
import { Row } from "./layout.tsx";

/** The foot of a list that is read by cursor; nothing where all of it is shown. An absent address is a page that does not exist. */
export function Pagination({
  label,
  newest,
  older,
}: {
  label: string;
  newest: { label: string; to: string | null };
  older: { label: string; to: string | null };
}) {
  if (!newest.to && !older.to) return null;
  return (
    <nav aria-label={label}>
      <Box padding="300" borderBlockStartWidth="025" borderColor="border">
        <Row spread>
          <Step {...newest} />
          <Step {...older} />
        </Row>
      </Box>
    </nav>
  );
}

function Step({ label, to }: { label: string; to: string | null }) {
  return to ? <Button to={to}>{label}</Button> : <Button disabled>{label}</Button>;
}
