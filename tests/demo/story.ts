/** What happened in the demo's shop: who joined, who claimed and ordered through whom, and what became of it. */

export const products = [
  { title: "Juniper candle", price: 2800 },
  { title: "Linen throw", price: 8900 },
  { title: "Stoneware mug", price: 2200 },
  { title: "Oak tray", price: 5400 },
];

export const people = [
  { daysAgo: 88, firstName: "Ocean", lastName: "Grove", email: "ocean@grovemail.shop" },
  { daysAgo: 86, firstName: "River", lastName: "Stone", email: "river@stonemail.shop" },
  { daysAgo: 80, firstName: "Hazel", lastName: "Woods", email: "hazel@woodsmail.shop" },
  { daysAgo: 71, firstName: "Rowan", lastName: "Ash", email: "rowan@ashmail.shop" },
  { daysAgo: 60, firstName: "Sage", lastName: "Fields", email: "sage@fieldsmail.shop" },
  { daysAgo: 43, firstName: "Willow", lastName: "Brook", email: "willow@brookmail.shop" },
  { daysAgo: 21, firstName: "Linden", lastName: "Vale", email: "linden@valemail.shop" },
];

/** Bought before anybody referred them. */
export const returningCustomer = { firstName: "Basil", lastName: "Keeper", email: "basil@keepermail.shop" };

type Story = {
  readonly daysAgo: number;
  readonly hour: number;
  readonly by: string;
  readonly friend: string;
  readonly items: number;
  /** The referrer's own code, their link alone, or the coupon that the friend claimed by it the day before. */
  readonly through: "code" | "attribute" | "coupon";
  /** Whether it becomes a successful referral. */
  readonly counts: boolean;
  /** Two days later. */
  readonly later?: "cancelled" | { readonly refunded: number };
};

const bought = (
  daysAgo: number,
  hour: number,
  by: string,
  friend: string,
  items: number,
  rest: Partial<Story> = {},
) => ({
  daysAgo,
  hour,
  by,
  friend,
  items,
  through: "code" as const,
  counts: true,
  ...rest,
});

export const orders: readonly Story[] = [
  bought(84, 9, "Ocean", "Fern", 2),
  bought(79, 14, "Ocean", "Moss", 1),
  bought(77, 20, "River", "Ivy", 3, { through: "coupon" }),
  bought(70, 11, "Hazel", "Reed", 2, { through: "attribute" }),
  bought(66, 16, "Ocean", "Clover", 4, { later: { refunded: 2200 } }),
  bought(61, 8, "River", "Aspen", 1, { later: "cancelled" }),
  bought(55, 19, "Rowan", "Laurel", 2),
  bought(49, 13, "Sage", "Thistle", 2, { through: "coupon" }),
  bought(40, 10, "River", "Basil", 1, { counts: false }),
  bought(38, 21, "Ocean", "Briar", 3),
  bought(31, 12, "Willow", "Poppy", 1),
  bought(24, 9, "Hazel", "Heath", 4, { through: "coupon" }),
  bought(17, 17, "Sage", "Marlow", 1, { through: "attribute" }),
  bought(11, 15, "Linden", "Olive", 2),
  bought(6, 10, "Ocean", "Juno", 2, { through: "coupon" }),
  bought(3, 18, "Willow", "Flora", 3),
];

type Meeting = { readonly daysAgo: number; readonly by: string; readonly friend: string };

/** Friends who left their details and have not ordered; the first one's coupon has run out since. */
export const claims: readonly Meeting[] = [
  { daysAgo: 45, by: "Hazel", friend: "Alder" },
  { daysAgo: 4, by: "Ocean", friend: "Sorrel" },
  { daysAgo: 1, by: "Rowan", friend: "Bryony" },
];

/** Friends who were invited by e-mail and have not come yet. */
export const invitations: readonly Meeting[] = [{ daysAgo: 2, by: "Willow", friend: "Tansy" }];
