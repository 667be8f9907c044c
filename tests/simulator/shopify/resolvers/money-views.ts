import { convert, toGraphqlDecimal } from "../money.ts";
import type { Order } from "../state.ts";
import type { View } from "./connection.ts";

export function moneyView(minor: number, currency: string): View {
  return { __typename: "MoneyV2", amount: toGraphqlDecimal(minor, currency), currencyCode: currency };
}

/** `MoneyBag` of an amount in the shop's currency. */
export function moneyBag(order: Pick<Order, "currency" | "presentmentCurrency" | "rate">, minor: number): View {
  const { currency, presentmentCurrency, rate } = order;
  return {
    shopMoney: moneyView(minor, currency),
    presentmentMoney: moneyView(convert(minor, currency, presentmentCurrency, rate), presentmentCurrency),
  };
}
