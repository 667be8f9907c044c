import { expect, test } from "vitest";
import { openDesk } from "./desk.ts";
import { isFocused, moveFocus } from "./keyboard.ts";
import { openStage } from "./stage.ts";
import { APP_FRAME, openFromMenu, reload, saveButton } from "./visits.ts";

/** What becomes of what a merchant types: saved once, never lost. Each test goes on where the one before ended. */
const stage = await openStage({ realHosts: true });
const { page, app, button, toast, expectGood, save, saved, discard, loseNext, holdNext, sentTo } =
  await openDesk(stage);

test("one day is a day, and a comma is no part of a number of days", async () => {
  stage.allow(/status of 422 .*\/app\/program\.data/, "Chromium itself reports every answer that is no success");
  await openFromMenu(page, "Program");
  const hold = app().getByLabel("Hold");
  await hold.fill("1");
  await app().getByText("day", { exact: true }).waitFor();
  await hold.fill("1,000");
  await app().getByText("day", { exact: true }).waitFor({ state: "detached" });
  await save();
  await app().getByText("This is not a value that works here.").waitFor();
  expect(await hold.getAttribute("aria-invalid")).toBe("true");
  await discard();
});

test("nobody leaves the program's unsaved changes by accident", async () => {
  await app().getByLabel("Hold").fill("30");
  await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Referrers" }).click();
  await page.getByRole("button", { name: "Stay" }).click();
  expect(await app().getByLabel("Hold").inputValue()).toBe("30");
  await discard();
});

test("Enter, pressed again while a change is being saved, does not send it again", async () => {
  const path = (url: URL) => url.pathname.startsWith("/app/program");
  const release = Promise.withResolvers<void>();
  let saves = 0;
  await page.route(path, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    saves++;
    await release.promise;
    return route.continue();
  });
  await app().getByLabel("Hold").fill("8");
  await app().getByLabel("Hold").press("Enter");
  await expect.poll(() => saves).toBe(1);
  await app().getByLabel("Hold").press("Enter");
  release.resolve();
  await toast("The program is saved");
  expect(saves).toBe(1);
  await page.unroute(path);
});

test("the keyboard is enough to change a term: Enter saves it", async () => {
  await page.locator(APP_FRAME).focus();
  await moveFocus(app().getByLabel("Hold"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("7");
  await saveButton(page).waitFor();
  await page.keyboard.press("Enter");
  await saved();
  await reload(page, "Program");
  expect(await app().getByLabel("Hold").inputValue()).toBe("7");
});

test("a save without an answer keeps what was typed, and is made again", async () => {
  stage.allow(/status of 503/, "Chromium itself reports every answer that is no success");
  stage.allow(/SyntaxError/, "Remix says what it cannot read");
  await app().getByLabel("Hold").fill("21");
  await loseNext(/\/app\/program\.data/);
  await save();
  const lost = app().getByText("No answer: this may not be saved");
  await lost.waitFor();
  await expect.poll(() => isFocused(app().getByRole("alert"))).toBe(true);
  expect(await app().getByLabel("Hold").inputValue()).toBe("21");
  await expectGood();
  await save();
  await saved();
  expect(await lost.count()).toBe(0);
  await reload(page, "Program");
  expect(await app().getByLabel("Hold").inputValue()).toBe("21");
});

test("what is typed while a save is under way stays unsaved, and is saved next", async () => {
  const sent = sentTo(/\/app\/program\.data/);
  const answer = await holdNext(/\/app\/program\.data/);
  await app().getByLabel("Hold").fill("7");
  await save();
  await answer.asked;
  await page.getByRole("button", { name: "Discard", exact: true, disabled: true }).waitFor();
  await app().getByLabel("Time for the friend").fill("45");
  await page.keyboard.press("Enter");
  answer.release();
  await toast("The program is saved");
  expect(await app().getByLabel("Time for the friend").inputValue()).toBe("45");
  expect(sent).toHaveLength(1);
  await save();
  await saved();
  await reload(page, "Program");
  expect(await app().getByLabel("Hold").inputValue()).toBe("7");
  expect(await app().getByLabel("Time for the friend").inputValue()).toBe("45");
});

test("what is stored in another spelling is saved all the same", async () => {
  const prefix = app().getByLabel("Code prefix").first();
  await prefix.fill("friend ");
  await save();
  await saved();
  expect(await prefix.inputValue()).toBe("FRIEND");
  await openFromMenu(page, "Referrers");
});

test("nobody loses unsaved settings by replacing the keys", async () => {
  await openFromMenu(page, "Integrations");
  const optedIn = app().getByLabel("Opted In to Passalong Referrals (On the friend's profile)");
  await optedIn.uncheck();
  await button("Replace keys").click();
  await page.getByRole("button", { name: "Stay" }).click();
  expect(await optedIn.isChecked()).toBe(false);
  await save();
  await toast("The settings are saved");
  await button("Replace keys").click();
  await app().getByLabel("Private API key").waitFor();
});

test("keys that get no answer when they are saved stay typed", async () => {
  await app().getByLabel("Public API key").fill("AbC123");
  await loseNext(/\/app\/integrations\.data/);
  await save();
  const lost = app().getByText("No answer: this may not be done");
  await lost.waitFor();
  expect(await app().getByLabel("Public API key").inputValue()).toBe("AbC123");
  await discard();
  await lost.waitFor({ state: "detached" });
});

test("keys that were refused are no news when others are to be pasted later", async () => {
  stage.allow(/status of 422 .*\/app\/integrations/, "Chromium itself reports every answer that is no success");
  const field = app().getByLabel("Private API key");
  await field.fill("secret");
  await save();
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await button("Keep the current keys").click();
  await button("Replace keys").click();
  await field.waitFor();
  expect(await field.getAttribute("aria-invalid")).not.toBe("true");
  await app().getByLabel("Public API key").fill("AbC123");
  await save();
  await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => isFocused(field)).toBe(true);
  await discard();
});

test("settings that get no answer when they are saved stay chosen", async () => {
  await button("Keep the current keys").click();
  const sent = app().getByLabel("Sent Passalong Referral");
  await sent.uncheck();
  await loseNext(/\/app\/integrations\/klaviyo\.data/);
  await save();
  const lost = app().getByText("No answer: this may not be saved");
  await lost.waitFor();
  expect(await sent.isChecked()).toBe(false);
  await expectGood();
  await discard();
  await lost.waitFor({ state: "detached" });
});
