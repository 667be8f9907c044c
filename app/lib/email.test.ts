import { describe, expect, it } from "vitest";
import { emailFraudKey, normalEmail } from "./email.ts";

describe("an e-mail address", () => {
  it("is the same person in any case and with stray spaces", () => {
    expect(normalEmail("  Ocean.Grove@Gmail.COM ")).toBe("ocean.grove@gmail.com");
  });

  it.each(["", "ocean", "ocean@", "@grove.shop", "a b@grove.shop", null, undefined])("%j is none", (text) => {
    expect(normalEmail(text)).toBeNull();
  });

  it.each([
    ["ocean.grove@gmail.com", "oceangrove@gmail.com"],
    ["oceangrove+shop@gmail.com", "oceangrove@gmail.com"],
    ["o.ceangrove@googlemail.com", "oceangrove@gmail.com"],
    ["ocean+a@grove.shop", "ocean@grove.shop"],
  ])("%s reaches the mailbox %s", (email, key) => {
    expect(emailFraudKey(email)).toBe(key);
  });

  it("keeps two people apart where dots matter", () => {
    expect(emailFraudKey("a.b@grove.shop")).not.toBe(emailFraudKey("ab@grove.shop"));
  });
});
