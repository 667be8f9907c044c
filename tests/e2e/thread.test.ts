import { expect, test } from "vitest";
import {
  acceptedCalls,
  eventBody,
  eventCall,
  fieldsOf,
  ISO,
  ISO_PATTERN,
  joinedProfile,
  referrerProperties,
} from "./calls.ts";
import { expectGoodPage } from "./inspect.ts";
import { openStage } from "./stage.ts";
import {
  appFrame,
  appIn,
  codeOf,
  connectKlaviyo,
  createAccount,
  discountShownOn,
  errorAt,
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
  pageOpen,
  pasteKeys,
  payAs,
  reload,
  SHOP,
  SHOP_URL,
  saveButton,
} from "./visits.ts";

/** One order, from the installation of the app to Klaviyo's inbox: each test goes on where the one before ended. */
const stage = await openStage({ realHosts: true });
const { sim, klaviyo, apiKey } = stage;
const ADMIN = `https://admin.shopify.com/store/${SHOP}/apps/${apiKey}`;
const UNKNOWN_KEY = "pk_0000000000000000000000000000000000";

const { account, merchant, referrer: customer, friend } = await meet(stage);
let link: string;

test("a merchant installs the app, opens it in the admin, and is led to Integrations", async () => {
  const { page } = merchant;
  await install(page, ADMIN);
  await appIn(page).getByRole("heading", { name: "Connect Klaviyo" }).waitFor();
  await expectGoodPage(page);
  await appIn(page).getByRole("link", { name: "Connect Klaviyo" }).click();
  await pageOpen(page, "Integrations");
  await expectGoodPage(page);
});

test("a wrong private key is refused beside its field, and nothing is saved", async () => {
  const { page } = merchant;
  stage.allow(/status of 422 .*\/app\/integrations\.data/, "Chromium itself reports every answer that is no success");
  await pasteKeys(page, account.publicKey, UNKNOWN_KEY);
  await saveButton(page).click();
  expect(await errorAt(page, "Private API key")).toContain("Klaviyo does not know this key");
  await expectGoodPage(page);
  await expectNothingSaved();
});

test("a wrong public key is refused beside its field, and nothing is saved", async () => {
  const { page } = merchant;
  await pasteKeys(page, "AAAAAA", account.privateKey);
  await appIn(page).getByRole("button", { name: "Connect" }).click();
  expect(await errorAt(page, "Public API key")).toContain("belongs to another Klaviyo account");
  await expectNothingSaved();
});

test("the right keys connect, and are shown masked from then on", async () => {
  const { page } = merchant;
  await connectKlaviyo(page, account);
  await reload(page, "Integrations");
  await appIn(page).getByText("Connected", { exact: true }).waitFor();
  const facts = await factsIn(appIn(page).locator("dl"));
  expect(facts).toMatchObject({ Account: "Juniper & Co", "Public API key": account.publicKey });
  expect(facts["Private API key"]).toMatch(/^pk_…/);
  expect(await appFrame(page).content()).not.toContain(account.privateKey);
  await expectGoodPage(page);
});

test("a customer signs in, sees their link under “Refer a friend”, and copies it", async () => {
  const { page, context } = customer;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SHOP_URL });
  await page.goto(`${SHOP_URL}/account/login`);
  await createAccount(page, ocean);
  await page.getByRole("main").getByRole("link", { name: "Refer a friend" }).click();
  link = await linkShownOn(page);
  expect(link).toMatch(/^https:\/\/juniper\.shop\/apps\/passalong\/OCEAN[A-Z0-9]+$/);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("Copied.").waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await expectGoodPage(page);
  await expect.poll(() => liveCodes(sim)).toContain(codeOf(link));
});

test("a friend in another browser follows the link, is offered the discount, and orders with it", async () => {
  const { page } = friend;
  await page.goto(link);
  await page.getByRole("heading", { name: "A friend gives you 10% off" }).waitFor();
  await page.getByText(codeOf(link)).waitFor();
  await expectGoodPage(page);
  await page.getByRole("link", { name: "Shop with 10% off" }).click();
  await page.getByRole("link", { name: "Linen throw" }).click();
  await expectGoodPage(page);
  await goToCheckout(page);
  expect(await page.getByLabel("Discount code").inputValue()).toBe(codeOf(link));
  expect(await discountShownOn(page)).toContain("−$9.00");
  await expectGoodPage(page);
  await payAs(page, fern);
});

test("Klaviyo is sent the properties before the event that they changed with, and each event to the letter", async () => {
  await expect.poll(() => klaviyo.events(account.id)).toHaveLength(3);
  const calls = await acceptedCalls(klaviyo, account.id);
  const [order] = await sim.client.orders(SHOP);

  const joined = referrerProperties(ocean, link);
  const succeeded = {
    ...joined,
    "Passalong Number of Successful Referrals": 1,
    "Passalong Total Successful Referral Revenue": 81,
    "Passalong Latest Successful Referral Date": ISO,
  };
  const optedIn = "Opted In to Passalong Referrals";
  const optedInProperties = {
    "Referrer Name": "Ocean Grove",
    "Referrer Email": ocean.email,
    "Date Opted-In": ISO,
    "Referral Shareable Link": link,
    Locale: "en",
    "Customer Role": "referrer",
  };
  expect(eventCall(calls, optedIn)).toEqual(
    eventBody(optedIn, ocean.email, optedInProperties, joinedProfile(ocean, link)),
  );

  const redeemed = "Redeemed Passalong Referral Coupon";
  const redeemedProperties = {
    "Date Redeemed": ISO,
    "Order Discount Amount": 9,
    "Order ID": String(order?.id),
    "Order Number": "#1001",
    "Order Total Price": 86,
    "Order Currency": "USD",
    "Coupon Code": codeOf(link),
    Locale: "en",
    "Customer Role": "recipient",
  };
  expect(eventCall(calls, redeemed)).toEqual(eventBody(redeemed, fern.email, redeemedProperties, fieldsOf(fern), 86));

  const received = "Received Passalong Referral Coupon";
  const receivedProperties = {
    "Coupon Code": expect.stringMatching(/^THANKS-[A-Z0-9]{10,}$/),
    "Coupon Description": "10% off your next order",
    "Coupon Expiry Date": ISO,
    "Date Received": ISO,
    Locale: "en",
    "Customer Role": "referrer",
  };
  expect(eventCall(calls, received)).toEqual(
    eventBody(received, ocean.email, receivedProperties, { properties: succeeded }),
  );

  const written = calls.findIndex(({ path }) => path === "/api/profile-import");
  const told = calls.findIndex(({ attributes }) => attributes.metric?.data.attributes.name === received);
  expect(calls[written]?.attributes).toEqual({ email: ocean.email, properties: succeeded });
  expect(written).toBeLessThan(told);
});

test("the inbox shows the referrer with all four properties, and both people's events", async () => {
  const { page } = await stage.person("marketer");
  await page.goto(sim.urls.klaviyo);
  await page.getByRole("link", { name: "Juniper & Co" }).click();
  await page.getByRole("heading", { level: 1, name: "Juniper & Co" }).waitFor();
  const people = page.url();
  await page.getByRole("link", { name: "Ocean Grove" }).first().click();
  expect(await factsIn(page.locator("dl", { hasText: "custom" }))).toMatchObject({
    "Passalong Referral Shareable Link custom": link,
    "Passalong Number of Successful Referrals custom": "1",
    "Passalong Total Successful Referral Revenue custom": "81",
    "Passalong Latest Successful Referral Date custom": expect.stringMatching(ISO_PATTERN),
  });
  const timeline = async () => {
    const events = page.getByRole("heading", { level: 3 });
    await events.first().waitFor();
    await page.waitForLoadState();
    return events.allInnerTexts();
  };
  const referrers = ["Received Passalong Referral Coupon", "Opted In to Passalong Referrals"];
  expect(await timeline()).toEqual(referrers);
  await expectGoodPage(page);
  await page.goto(people);
  await page.getByRole("link", { name: "Fern Hollow" }).first().click();
  expect(await timeline()).toEqual(["Redeemed Passalong Referral Coupon"]);
});

test("the admin shows the same numbers, the referral, and each delivery with request and answer", async () => {
  const { page } = merchant;
  const app = appIn(page);
  await openHome(page, ADMIN);
  expect(await figureOnHome(page, "Referrers")).toBe("1");
  expect(await figureOnHome(page, "Friends' orders")).toBe("1");
  expect(await figureOnHome(page, "Successful referrals")).toBe("1");
  expect(await figureOnHome(page, "Referral revenue")).toBe("$81.00");
  await expectGoodPage(page);

  await openFromMenu(page, "Referrals");
  const referral = await app.getByRole("row").nth(1).innerText();
  for (const shown of ["Ocean Grove", "Fern Hollow", "Successful", "#1001", "$81.00"])
    expect(referral).toContain(shown);
  await expectGoodPage(page);

  await openFromMenu(page, "Deliveries");
  await expect.poll(() => app.getByRole("row").count()).toBe(1 + 4);
  await expectGoodPage(page);
  await app.getByRole("link", { name: "Received Passalong Referral Coupon" }).click();
  await app.getByRole("heading", { level: 1, name: "Received Passalong Referral Coupon" }).waitFor();
  expect(await factsIn(app.locator("dl", { hasText: "Call" }))).toMatchObject({
    Call: expect.stringMatching(/^POST .*\/api\/events$/),
    Status: "202",
  });
  const [request = "", answer] = await app.locator("pre").allInnerTexts();
  const calls = await acceptedCalls(klaviyo, account.id);
  expect(JSON.parse(request).data.attributes).toEqual(eventCall(calls, "Received Passalong Referral Coupon"));
  expect(answer).toBe("(no body)");
  await expectGoodPage(page);
});

/** Not even after a reload is there a connection, and nobody wrote anything to the account. */
async function expectNothingSaved(): Promise<void> {
  const { page } = merchant;
  await reload(page, "Integrations");
  await appIn(page).getByText("Not connected").waitFor();
  expect(await appIn(page).getByLabel("Private API key").inputValue()).toBe("");
  expect(await acceptedCalls(klaviyo, account.id)).toEqual([]);
  expect(await klaviyo.profiles(account.id)).toEqual([]);
}
