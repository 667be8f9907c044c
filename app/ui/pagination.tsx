import { Box } from "@shopify/polaris";
import { Button } from "./button.tsx";
import { Row } from "./layout.tsx";

type StepTo = { readonly label: string; readonly to: string | null };

/** The foot of a list that is read by cursor; nothing where all of it is shown. An absent address is a page that does not exist. */
export function Pagination({ label, steps }: { label: string; steps: readonly StepTo[] }) {
  if (steps.every(({ to }) => to === null)) return null;
  return (
    <nav aria-label={label}>
      <Box padding="300" borderBlockStartWidth="025" borderColor="border">
        <Row spread>
          {steps.map((step) => (
            <Step key={step.label} {...step} />
          ))}
        </Row>
      </Box>
    </nav>
  );
}

function Step({ label, to }: StepTo) {
  return to ? <Button to={to}>{label}</Button> : <Button disabled>{label}</Button>;
}
