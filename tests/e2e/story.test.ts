import { expect, test } from "vitest";
import { createMerchant } from "#tests/demo/merchant.ts";
import { acceptedCalls, addressOf, type Call, referrerProperties } from "./calls.ts";
import { expectGoodPage } from "./inspect.ts";
import { openStage } from "./stage.ts";
import { OPTED_IN, RECEIVED, REDEEMED, toldToFriend, toldToReferrer } from "./told.ts";
import {
  appIn,
  codeOf,
  connectKlaviyo,
  discountShownOn,
  factsIn,
  fern,
  figureOnHome,
  goToCheckout,
  install,
  linkShownOn,
  liveCodes,
  meet,
  ocean,
  openFromMenu,
  openHome,
  payAs,
  reload,
  SHOP,
  SHOP_URL,
  type Shopper,
  saveButton,
  signIn,
} from "./visits.ts";

/** A referral's whole life, from joining to the refund: each test goes on where the one before ended. */
const stage = await openStage({ realHosts: true });
const { sim, klaviyo, apiKey } = stage;
const ADMIN = `https://admin.shopify.com/store/${SHOP}/apps/${apiKey}`;
const DAY = 86_400_000;
const HOLD_DAYS = 14;

const { account, merchant, referrer, friend } = await meet(stage);
/** What Ocean shares; what Fern's mail has in it; the codes that pay each of them. */
let link: string;
let verificationLink: string;
let friendsCoupon: string;
let referrersCoupon: string;

test("a merchant installs the app, connects Klaviyo, and asks for a hold and for verified addresses", async () => {
  const { page } = merchant;
  const app = appIn(page);
  await install(page, ADMIN);
  await openFromMenu(page, "Integrations");
  await connectKlaviyo(page, account);
  await expectGoodPage(page);

  await openFromMenu(page, "Program");
  await app.getByLabel("Hold").fill(String(HOLD_DAYS));
  await app.getByLabel("Verify the friend's e-mail address").check();
  await saveButton(page).click();
  await page.getByText("The program is saved").waitFor();
  await reload(page, "Program");
  expect(await app.getByLabel("Hold").inputValue()).toBe(String(HOLD_DAYS));
  expect(await app.getByLabel("Verify the friend's e-mail address").isChecked()).toBe(true);
  await expectGoodPage(page);
});

test("a customer joins on the shop's page, and has a link", async () => {
  const { page } = referrer;
  await signIn(page, ocean);
  await page.goto(`${SHOP_URL}/pages/refer`);
  link = await linkShownOn(page);
  await expectGoodPage(page);
  // Coupons for friends are made in advance: whoever claims is shown one at once.
  await expect.poll(() => liveCodes(sim)).toContainEqual(expect.stringMatching(/^FRIEND-/));
});

test("a friend opens the link, leaves their details, and is told to look into their mail", async () => {
  const { page } = friend;
  await page.goto(link);
  await page.getByLabel("First name").fill(fern.first);
  await page.getByLabel("Last name").fill(fern.last);
  await page.getByLabel("E-mail address").fill(fern.email);
  await page.getByLabel("Juniper & Co may send me news").check();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Get my code" }).click();
  await page.getByRole("heading", { name: "Check your e-mail" }).waitFor();
  await expectGoodPage(page);
  await openFromMenu(merchant.page, "Referrals");
  expect(await appIn(merchant.page).getByRole("row").nth(1).innerText()).toContain("To be verified");
  await expectGoodPage(merchant.page);
});

test("by the link in the mail, which works once, they get a code", async () => {
  const { page } = friend;
  // The merchant's flow at Klaviyo puts it into the mail.
  verificationLink = String((await arrived(fern, OPTED_IN))["Verification Link"]);
  await page.goto(verificationLink);
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "Confirm and get my code" }).click();
  await page.getByRole("heading", { name: "Here is your code" }).waitFor();
  friendsCoupon = await page.getByLabel("Your code").inputValue();
  await expectGoodPage(page);

  const again = await friend.context.newPage();
  await again.goto(verificationLink);
  await again.getByRole("heading", { name: "This link has been used or is too old" }).waitFor();
  await expectGoodPage(again);
  await again.close();
});

test("the friend goes shopping, where the code comes off, and pays", async () => {
  const { page } = friend;
  await page.getByRole("link", { name: "Shop now" }).click();
  await page.getByRole("link", { name: "Linen throw" }).click();
  await goToCheckout(page);
  expect(await page.getByLabel("Discount code").inputValue()).toBe(friendsCoupon);
  expect(await discountShownOn(page)).toContain("−$9.00");
  await expectGoodPage(page);
  await payAs(page, fern);
  expect(await arrived(fern, REDEEMED)).toMatchObject({ "Coupon Code": friendsCoupon });
});

test("the admin shows the referral on hold, and until when", async () => {
  const { page } = merchant;
  const app = appIn(page);
  await openReferral("On hold");
  const { Ordered, Revenue } = await factsIn(app.locator("dl", { hasText: "Ordered" }));
  const [, until = ""] = /^The hold ends (.+)\.$/.exec(await app.getByText(/^The hold ends /).innerText()) ?? [];
  // Both by the shop's clock, which summer time may move by an hour, and to the minute.
  const days = (Date.parse(until) - Date.parse(Ordered ?? "")) / DAY;
  expect(Math.abs(days - HOLD_DAYS)).toBeLessThan(0.05);
  expect(Revenue).toBe("$81.00");
  await expectGoodPage(page);
  expect(await figuresOnHome()).toEqual({ orders: "1", successful: "0", revenue: "$0.00" });
  await expectGoodPage(page);
});

// The embedded database belongs to the running app, so nobody but its own cron can end the hold: a minute and a half at most
// (pg-boss asks every 30 s which minute has come, and its worker every 30 s for what that brought).
test("when the hold has passed, the referral counts by itself, and the referrer's coupon arrives", async () => {
  const codes = await liveCodes(sim);
  await sim.client.setClock({ advanceMs: HOLD_DAYS * DAY });
  referrersCoupon = String((await arrived(ocean, RECEIVED, 120_000))["Coupon Code"]);
  expect(codes).not.toContain(referrersCoupon);
  expect(await liveCodes(sim)).toContain(referrersCoupon);
  await openReferral("Counted");
  expect(await couponOf("Referrer")).toMatch(/Working.+Works until/s);
  await expectGoodPage(merchant.page);
  expect(await figuresOnHome()).toEqual({ orders: "1", successful: "1", revenue: "$81.00" });
  await expectGoodPage(merchant.page);
}, 180_000);

test("the referrer uses the coupon", async () => {
  const { page } = referrer;
  await page.goto(SHOP_URL);
  await page.getByRole("link", { name: "Juniper candle" }).click();
  await goToCheckout(page);
  expect(await page.getByLabel("Email").inputValue()).toBe(ocean.email);
  await page.getByLabel("Discount code").fill(referrersCoupon);
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText(`Discount ${referrersCoupon}`).waitFor();
  expect(await discountShownOn(page)).toContain("−$2.80");
  await expectGoodPage(page);
  await payAs(page, ocean);
  expect(await arrived(ocean, REDEEMED)).toMatchObject({ "Coupon Code": referrersCoupon });
});

test("the friend's order is refunded: the referral counts no longer, and the used coupon stays used", async () => {
  const { page } = merchant;
  const [order] = await sim.client.orders(SHOP);
  expect(order?.email).toBe(fern.email);
  await sim.client.refundOrder(SHOP, order?.id ?? 0);
  const figure = "Passalong Number of Successful Referrals";
  const profile = () => klaviyo.profile(account.id, ocean.email);
  await expect.poll(async () => (await profile())?.properties[figure]).toBe(0);
  expect((await profile())?.properties).toEqual(referrerProperties(ocean, link));
  expect(await liveCodes(sim)).toContain(referrersCoupon);
  expect(await figuresOnHome()).toEqual({ orders: "1", successful: "0", revenue: "$0.00" });
  await expectGoodPage(page);
});

test("Klaviyo was told the whole story of each of them, in order and to the letter, and nothing else", async () => {
  await sim.client.webhooksIdle();
  await expect.poll(createMerchant(stage.appUrl, sim.client).isIdle).toBe(true);
  const calls = await acceptedCalls(klaviyo, account.id);
  const { [ocean.email]: oceans = [], [fern.email]: ferns = [], ...others } = Object.groupBy(calls, addressOf);
  const [friendsOrder, referrersOrder] = (await sim.client.orders(SHOP)).map(({ id }) => String(id));
  expect(oceans).toEqual(toldToReferrer(ocean, fern, { link, coupon: referrersCoupon, order: referrersOrder }));
  expect(ferns).toEqual(toldToFriend(fern, { verificationLink, coupon: friendsCoupon, order: friendsOrder }));
  expect(others).toEqual({});
  const times = (told: readonly Call[]) => told.flatMap(({ attributes }) => attributes.time ?? []);
  expect(daysAt(times(oceans))).toEqual([0, 0, HOLD_DAYS, HOLD_DAYS]);
  expect(daysAt(times(ferns))).toEqual([0, 0, 0]);
  const ids = calls.flatMap(({ attributes }) => attributes.unique_id ?? []);
  expect(new Set(ids).size).toBe(4 + 3);
});

test("the admin's timeline tells the same story", async () => {
  await openReferral("No longer counted");
  const app = appIn(merchant.page);
  const moments = app.getByRole("list", { name: "Timeline" }).getByRole("listitem");
  const told = (await moments.allInnerTexts()).map((text) => text.split(/\n+/));
  const times = told.map((lines) => lines.pop() ?? "");
  // A badge's colour is said to screen readers before its state: "Info", "Attention" …
  expect(told).toEqual([
    ["The friend left their details", "To be verified", `Code ${codeOf(link)}`],
    ["The friend verified their address", "Info", "Claimed"],
    [
      "The friend's order was paid",
      "Attention",
      "Purchased",
      "Order #1001",
      "Paid with the code",
      `Code ${friendsCoupon}`,
    ],
    ["The hold ended", "Success", "Successful", `After ${HOLD_DAYS} days`],
    ["The order was refunded", "Warning", "Reversed", "Order #1001"],
  ]);
  expect(daysAt(times)).toEqual([0, 0, 0, HOLD_DAYS, HOLD_DAYS]);
  for (const side of ["Friend", "Referrer"] as const) {
    const coupon = await couponOf(side);
    expect(coupon).toContain("Used");
    expect(coupon).not.toContain("Works until");
  }
  await expectGoodPage(merchant.page);
});

/** What an event said, once it has come to Klaviyo. */
async function arrived({ email }: Shopper, metric: string, timeout = 30_000) {
  const events = () => klaviyo.events(account.id, { email, metric });
  await expect.poll(events, { timeout }).toHaveLength(1);
  const [event] = await events();
  return event?.properties ?? {};
}

/** Goes to the one referral's page, which says how it stands. */
async function openReferral(standing: string): Promise<void> {
  const app = appIn(merchant.page);
  await openFromMenu(merchant.page, "Referrers");
  await openFromMenu(merchant.page, "Referrals");
  await app.getByRole("row").nth(1).getByRole("link").click();
  await app.getByRole("heading", { level: 1, name: "Ocean Grove referred Fern Hollow" }).waitFor();
  await app.getByRole("heading", { name: standing, exact: true }).waitFor();
}

/** Opens the app in the admin, and reads what it sums up. */
async function figuresOnHome() {
  const { page } = merchant;
  await openHome(page, ADMIN);
  return {
    orders: await figureOnHome(page, "Friends' orders"),
    successful: await figureOnHome(page, "Successful referrals"),
    revenue: await figureOnHome(page, "Referral revenue"),
  };
}

/** How the coupon of one side stands, on the referral's page. */
function couponOf(side: "Friend" | "Referrer"): Promise<string> {
  const heading = appIn(merchant.page).getByRole("heading", { level: 3, name: side });
  return heading.locator("xpath=../..").innerText();
}

/** How many days after the first of these moments each is; they are in order. */
function daysAt(moments: readonly string[]): number[] {
  const times = moments.map((moment) => Date.parse(moment));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  return times.map((time) => Math.round((time - (times[0] ?? 0)) / DAY));
}
