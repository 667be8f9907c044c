import { AppProvider } from "@shopify/polaris";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { DataTable } from "./data-table.tsx";

it("every cell says its column, for screens where the rows are blocks", () => {
  const html = renderToStaticMarkup(
    <AppProvider i18n={{}}>
      <DataTable
        label="Orders"
        columns={[
          { key: "order", label: "Order", cell: ({ id }: { id: string; total: string }) => id },
          { key: "total", label: "Total", figure: true, cell: ({ total }) => total },
        ]}
        rows={[{ id: "#1001", total: "$9.00" }]}
      />
    </AppProvider>,
  );
  expect(html).toContain('<table class="');
  expect(html).toMatch(/<td[^>]*data-label="Order"[^>]*>#1001<\/td>/);
  expect(html).toMatch(/<td[^>]*data-label="Total"[^>]*>\$9.00<\/td>/);
});
