import { figuresOf } from "../order-figures.ts";
import { type Address, type Customer, gid, type Shop } from "../state.ts";
import { connection, type PageArguments, type View } from "./connection.ts";
import { moneyView } from "./money-views.ts";
import { search, sortBy, timeOf } from "./search.ts";

export type ListArguments = PageArguments & {
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
};

/** @param orderConnection what `orders` of this customer resolves to. */
export function customerView(shop: Shop, customer: Customer, orderConnection: (args: ListArguments) => View): View {
  const orders = () => shop.orders.filter((order) => order.customerId === customer.id);
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(" ");
  return {
    __typename: "Customer",
    id: gid("Customer", customer.id),
    legacyResourceId: String(customer.id),
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: name || customer.email || customer.phone || "",
    email: customer.email,
    phone: customer.phone,
    locale: customer.locale,
    note: customer.note,
    tags: [],
    state: "DISABLED",
    taxExempt: false,
    verifiedEmail: customer.verifiedEmail,
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    defaultEmailAddress: customer.email && {
      emailAddress: customer.email,
      marketingState: customer.marketingState,
      marketingOptInLevel: customer.marketingState === "NOT_SUBSCRIBED" ? null : "SINGLE_OPT_IN",
      marketingUpdatedAt: customer.marketingState === "NOT_SUBSCRIBED" ? null : customer.updatedAt,
      validFormat: true,
    },
    defaultPhoneNumber: customer.phone && { phoneNumber: customer.phone, marketingState: "NOT_SUBSCRIBED" },
    defaultAddress: customer.address && addressView(customer.address, customer),
    // All of them, also those that the app may not list; test orders do not count.
    numberOfOrders: () => String(orders().filter((order) => !order.test).length),
    amountSpent: () =>
      moneyView(
        orders().reduce((total, order) => total + figuresOf(order).received - figuresOf(order).refunded, 0),
        shop.currency,
      ),
    orders: orderConnection,
  };
}

export function customerConnection(shop: Shop, args: ListArguments, view: (customer: Customer) => View): View {
  const found = search(shop.customers, args.query, {
    id: (customer) => customer.id,
    email: (customer) => customer.email,
    phone: (customer) => customer.phone,
    first_name: (customer) => customer.firstName,
    last_name: (customer) => customer.lastName,
    customer_date: (customer) => timeOf(customer.createdAt),
    updated_at: (customer) => timeOf(customer.updatedAt),
  });
  const keys: Record<string, (customer: Customer) => number> = {
    ID: (customer) => customer.id,
    CREATED_AT: (customer) => timeOf(customer.createdAt),
    UPDATED_AT: (customer) => timeOf(customer.updatedAt),
  };
  const key = keys[args.sortKey ?? "ID"];
  if (!key) throw new Error(`The simulated Shopify does not sort customers by ${args.sortKey}`);
  return connection(sortBy(found, key, args.reverse === true), args, (customer) => customer.id, view);
}

export function addressView(address: Address, person: { firstName: string | null; lastName: string | null }): View {
  return {
    id: `${gid("MailingAddress", address.id)}?model_name=CustomerAddress`,
    firstName: person.firstName,
    lastName: person.lastName,
    name: [person.firstName, person.lastName].filter(Boolean).join(" "),
    company: null,
    address1: address.address1,
    address2: address.address2,
    city: address.city,
    province: address.province,
    provinceCode: address.provinceCode,
    country: address.country,
    countryCode: address.countryCode,
    countryCodeV2: address.countryCode,
    zip: address.zip,
    phone: address.phone,
  };
}
