import { redirect } from "@remix-run/react";
import { describe, expect, it } from "vitest";
import { clientAction, isUnanswered } from "./or-unanswered.ts";

const request = new Request("https://passalong.example/app/program", { method: "POST" });
/** An answer that the router takes for an error, as it has them. */
const errorAnswer = (status: number) => ({ status, statusText: "", internal: false, data: null });
const answered = (serverAction: () => Promise<unknown>) =>
  clientAction({ request, params: {}, serverAction: serverAction as <Answer>() => Promise<Answer> });

describe("an action's answer", () => {
  it("reaches the page as it is", async () => {
    expect(await answered(async () => ({ ok: true }))).toEqual({ ok: true });
  });

  it.each([
    ["no network", new TypeError("Failed to fetch")],
    ["a failure of the app", new Error("Unexpected Server Error")],
    ["a 503", errorAnswer(503)],
  ])("that was lost by %s is told to the form", async (_, error) => {
    const answer = await answered(() => Promise.reject(error));
    expect(answer).toBeInstanceOf(Response);
    expect((answer as Response).status).toBe(503);
    expect(isUnanswered(await (answer as Response).json())).toBe(true);
  });

  it.each([
    ["a redirect", redirect("/auth")],
    ["a sign-in that is to be repeated", errorAnswer(401)],
    ["a page that signs in", errorAnswer(200)],
    ["what is not there", errorAnswer(404)],
  ])("%s goes its way", async (_, meant) => {
    await expect(answered(() => Promise.reject(meant))).rejects.toBe(meant);
  });
});
