import { Box, Card, SkeletonBodyText, SkeletonDisplayText } from "@shopify/polaris";
import { FlushCard } from "./card.tsx";
import { Columns, Stack } from "./layout.tsx";
import { Page } from "./page.tsx";

const places = (count: number) => Array.from({ length: count }, (_, place) => place);

/** The shape of a page of four numbers above a card. */
export function StatsSkeleton({ title }: { title: string }) {
  return (
    <Page title={title}>
      <Columns narrow={2} wide={4}>
        {places(4).map((place) => (
          <Card key={place}>
            <Stack>
              <SkeletonBodyText lines={1} />
              <SkeletonDisplayText size="small" />
              <SkeletonBodyText lines={2} />
            </Stack>
          </Card>
        ))}
      </Columns>
      <CardSkeleton lines={3} />
    </Page>
  );
}

/** The shape of a page with a table of so many rows. */
export function TableSkeleton({ title, rows }: { title: string; rows: number }) {
  return (
    <Page title={title} wide>
      <FlushCard>
        {places(rows).map((place) => (
          <Box key={place} padding="400" borderBlockEndWidth="025" borderColor="border-secondary">
            <SkeletonBodyText lines={1} />
          </Box>
        ))}
      </FlushCard>
    </Page>
  );
}

/** The shape of a page with two cards below each other. */
export function CardsSkeleton({ title, wide = false }: { title: string; wide?: boolean }) {
  return (
    <Page title={title} wide={wide}>
      <CardSkeleton lines={3} />
      <CardSkeleton lines={12} />
    </Page>
  );
}

function CardSkeleton({ lines }: { lines: number }) {
  return (
    <Card>
      <SkeletonBodyText lines={lines} />
    </Card>
  );
}
