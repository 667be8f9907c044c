import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { graphql, openShop, openStage, type Stage } from "./fake-app.ts";

let stage: Stage;
let token: string;
beforeAll(async () => {
  stage = await openStage();
  ({ token } = await openShop(stage, "one"));
});
afterAll(() => stage.close());
afterEach(() => stage.client.setAdminApiMode({ bulkMs: 400 }));

interface UserErrors {
  userErrors: { code: string; field: string[]; message: string }[];
}

const CREATE = `mutation Create($input: DiscountCodeBasicInput!) {
  discountCodeBasicCreate(basicCodeDiscount: $input) { codeDiscountNode { id } userErrors { code field message } }
}`;

const terms = (code: string, change: object = {}) => ({
  title: "Friends",
  code,
  startsAt: "2026-01-01T00:00:00Z",
  context: { all: "ALL" },
  customerGets: { items: { all: true }, value: { percentage: 0.1 } },
  usageLimit: 1,
  ...change,
});

async function create(input: object) {
  const answer = await graphql<{ discountCodeBasicCreate: { codeDiscountNode: { id: string } | null } & UserErrors }>(
    "one",
    token,
    CREATE,
    { input },
  );
  return answer.data.discountCodeBasicCreate;
}

async function bulkAdd(discountId: string, codes: string[]) {
  return graphql<{ discountRedeemCodeBulkAdd: { bulkCreation: { id: string; done: boolean } | null } & UserErrors }>(
    "one",
    token,
    `mutation Add($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
      discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) { bulkCreation { id done } userErrors { code field message } }
    }`,
    { discountId, codes: codes.map((code) => ({ code })) },
  );
}

async function poll(id: string) {
  interface Creation {
    done: boolean;
    importedCount: number;
    failedCount: number;
    codes: { nodes: { code: string; errors: { code: string }[]; discountRedeemCode: { id: string } | null }[] };
  }
  const { data } = await graphql<{ discountRedeemCodeBulkCreation: Creation }>(
    "one",
    token,
    `query Poll($id: ID!) { discountRedeemCodeBulkCreation(id: $id) { done importedCount failedCount
      codes(first: 250) { nodes { code errors { code } discountRedeemCode { id } } } } }`,
    { id },
  );
  return data.discountRedeemCodeBulkCreation;
}

async function find(code: string) {
  const { data } = await graphql<{ codeDiscountNodeByCode: { id: string } | null }>(
    "one",
    token,
    "query Find($code: String!) { codeDiscountNodeByCode(code: $code) { id } }",
    { code },
  );
  return data.codeDiscountNodeByCode;
}

async function bulkDelete(discountId: string, ids: string[]) {
  const { data } = await graphql<{ discountCodeRedeemCodeBulkDelete: { job: { id: string; done: boolean } } }>(
    "one",
    token,
    `mutation Drop($discountId: ID!, $ids: [ID!]) {
      discountCodeRedeemCodeBulkDelete(discountId: $discountId, ids: $ids) { job { id done } userErrors { message } }
    }`,
    { discountId, ids },
  );
  return data.discountCodeRedeemCodeBulkDelete.job;
}

async function isJobDone(id: string) {
  const query = "query Job($id: ID!) { job(id: $id) { done } }";
  return (await graphql<{ job: { done: boolean } }>("one", token, query, { id })).data.job.done;
}

test("codes are added in bulk, work once imported, and fail one by one; deleted ones work until they are gone", async () => {
  await stage.client.setAdminApiMode({ bulkMs: 600_000 });
  const id = (await create(terms("BASE"))).codeDiscountNode?.id ?? "";
  const added = await bulkAdd(id, ["ANN-1", "ann-1", "base", "", "BOB-1"]);
  const creation = added.data.discountRedeemCodeBulkAdd.bulkCreation;
  expect(creation?.done).toBe(false);
  expect(await find("ANN-1")).toBeNull();
  expect((await poll(creation?.id ?? "")).done).toBe(false);
  const done = await poll(creation?.id ?? "");
  expect(done).toMatchObject({ done: true, importedCount: 2, failedCount: 3 });
  expect(done.codes.nodes.map(({ errors }) => errors[0]?.code ?? null)).toEqual([
    null,
    "TAKEN",
    "TAKEN",
    "BLANK",
    null,
  ]);
  expect((await find("aNn-1"))?.id).toBe(id);
  const { data } = await graphql<{ codeDiscountNode: { codeDiscount: { codes: { nodes: { code: string }[] } } } }>(
    "one",
    token,
    `query Search($id: ID!) { codeDiscountNode(id: $id) { codeDiscount { ... on DiscountCodeBasic {
      codes(first: 1, query: "bob-1") { nodes { code } } } } } }`,
    { id },
  );
  expect(data.codeDiscountNode.codeDiscount.codes.nodes).toEqual([{ code: "BOB-1" }]);

  const redeem = done.codes.nodes[0]?.discountRedeemCode?.id ?? "";
  const deletion = await bulkDelete(id, [redeem]);
  expect(deletion.done).toBe(false);
  expect((await find("ANN-1"))?.id).toBe(id);
  expect(await isJobDone(deletion.id)).toBe(false);
  expect(await isJobDone(deletion.id)).toBe(true);
  expect(await find("ANN-1")).toBeNull();
  expect((await find("BOB-1"))?.id).toBe(id);
});

test("an import ends by itself, and more than 250 codes are refused", async () => {
  const id = (await create(terms("TIMED"))).codeDiscountNode?.id ?? "";
  const many = Array.from({ length: 251 }, (_, index) => `MANY-${index}`);
  const refused = await bulkAdd(id, many);
  expect(refused.errors[0]?.extensions?.code).toBe("MAX_INPUT_SIZE_EXCEEDED");
  await bulkAdd(id, many.slice(1));
  await expect.poll(async () => (await find("MANY-250"))?.id).toBe(id);
});

test("bad terms are told field by field", async () => {
  const { codeDiscountNode, userErrors } = await create(
    terms("", {
      endsAt: "2025-01-01T00:00:00Z",
      customerGets: { items: { all: true }, value: { percentage: 10 } },
      minimumRequirement: {
        subtotal: { greaterThanOrEqualToSubtotal: "10.00" },
        quantity: { greaterThanOrEqualToQuantity: "2" },
      },
    }),
  );
  expect(codeDiscountNode).toBeNull();
  expect(userErrors.map(({ code }) => code)).toEqual([
    "BLANK",
    "END_DATE_BEFORE_START_DATE",
    "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT",
    "VALUE_OUTSIDE_RANGE",
  ]);
  expect(userErrors[3]?.field).toEqual(["basicCodeDiscount", "customerGets", "value", "percentage"]);
});

test("an order takes a code once, shares it over its lines and says which", async () => {
  await create(terms("ONCE"));
  const lines = [
    { title: "A", price: 1000, quantity: 1 },
    { title: "B", price: 333, quantity: 1 },
    { title: "Gift card", price: 5000, quantity: 1, giftCard: true },
  ];
  const order = await stage.client.placeOrder("one", { email: "ann@mail.test", lines, discountCode: "once" });
  expect(order.discount_codes).toEqual([{ code: "ONCE", amount: "1.33", type: "percentage" }]);
  expect(order.discount_applications[0]).toMatchObject({ code: "ONCE", value: "10.0", value_type: "percentage" });
  expect(order.line_items.map((line) => line.discount_allocations[0]?.amount)).toEqual(["1.00", "0.33", undefined]);
  expect(order.subtotal_price).toBe("62.00");
  await expect(stage.client.placeOrder("one", { email: "bob@mail.test", lines, discountCode: "ONCE" })).rejects.toThrow(
    "usage limit",
  );
});

test("free shipping, fixed amounts, minimums and dates are kept as Shopify keeps them", async () => {
  await graphql<unknown>(
    "one",
    token,
    `mutation Ship($input: DiscountCodeFreeShippingInput!) {
      discountCodeFreeShippingCreate(freeShippingCodeDiscount: $input) { userErrors { message } }
    }`,
    {
      input: {
        title: "Ship",
        code: "SHIP",
        startsAt: "2026-01-01T00:00:00Z",
        context: { all: "ALL" },
        destination: { all: true },
      },
    },
  );
  const shipped = await stage.client.placeOrder("one", { email: "c@mail.test", shipping: 500, discountCode: "SHIP" });
  expect(shipped).toMatchObject({ subtotal_price: "20.00", total_price: "20.00", total_discounts: "5.00" });
  expect(shipped.discount_codes[0]?.type).toBe("shipping");

  const fixed = { items: { all: true }, value: { discountAmount: { amount: "5.00", appliesOnEachItem: false } } };
  await create(
    terms("FIVE", {
      customerGets: fixed,
      minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: "30.00" } },
    }),
  );
  const small = { email: "d@mail.test", discountCode: "FIVE" };
  await expect(stage.client.placeOrder("one", small)).rejects.toThrow("minimum requirement");
  const two = { lines: [{ title: "A", price: 2000, quantity: 2 }] };
  expect((await stage.client.placeOrder("one", { ...small, ...two })).subtotal_price).toBe("35.00");

  await create(terms("PAST", { startsAt: "2020-01-01T00:00:00Z", endsAt: "2021-01-01T00:00:00Z" }));
  const late = { email: "e@mail.test", discountCode: "PAST" };
  await expect(stage.client.placeOrder("one", late)).rejects.toThrow("valid discount code");
});

test("once per customer is once with any code of the discount, told by address or customer", async () => {
  const id =
    (await create(terms("FIRST", { appliesOncePerCustomer: true, usageLimit: null }))).codeDiscountNode?.id ?? "";
  await bulkAdd(id, ["SECOND"]);
  await expect.poll(() => find("SECOND")).not.toBeNull();
  const { customer } = await stage.client.placeOrder("one", { email: "f@mail.test", discountCode: "FIRST" });
  const again = { discountCode: "SECOND", customerId: customer?.id };
  await expect(stage.client.placeOrder("one", { ...again, email: "other@mail.test" })).rejects.toThrow("already used");
  await expect(stage.client.placeOrder("one", { email: "F@mail.test", discountCode: "SECOND" })).rejects.toThrow(
    "already",
  );
});
