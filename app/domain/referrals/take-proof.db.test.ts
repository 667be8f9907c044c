import { beforeEach, describe, expect, it } from "vitest";
import { db } from "#app/db.server.ts";
import type { Context } from "#app/domain/context.ts";
import { buyer } from "#tests/builders.ts";
import { whileWaiting } from "#tests/meeting.ts";
import { type ReferralScene, referralScene } from "#tests/referral-scene.ts";
import { claimReferral } from "./claim-referral.ts";
import type { ClaimOutcome } from "./complete-claim.ts";
import { inviteRecipient } from "./invite-recipient.ts";
import { takeProof } from "./take-proof.ts";

const DAY = 86_400_000;

let scene: ReferralScene;

const linkOf = () => {
  const event = scene.emitted.findLast(({ entry }) => entry === "opted-in.recipient");
  const link = event?.entry === "opted-in.recipient" ? event.payload["Verification Link"] : undefined;
  return link ?? "";
};
const follow = (link: string) => scene.decide((ctx) => takeProof(ctx, link.split("/").at(-1) ?? ""));

describe("a claim whose address is to be verified", () => {
  beforeEach(async () => {
    scene = await referralScene({ verifyAddress: true });
  });

  it("waits for the link in the mail, which works once", async () => {
    expect(await scene.claim()).toMatchObject({ kind: "verify" });
    expect(scene.told()).toEqual(["opted-in.recipient"]);
    const link = linkOf();
    expect(link).toMatch(/^https:\/\/juniper\.shop\/apps\/passalong\/verify\/[\w-]{32}$/);

    expect(await follow(link)).toMatchObject({ kind: "claimed", coupon: expect.stringMatching(/^FRIEND-/) });
    expect(scene.told()).toEqual(["opted-in.recipient", "link-used.referrer", "received-coupon.recipient"]);
    expect(await follow(link)).toEqual({ kind: "refused", because: "proof_expired" });
  });

  it("asked for again sends a new link; the old one is dead", async () => {
    await scene.claim();
    const old = linkOf();
    scene.pass(60_000);
    await scene.claim();
    expect(linkOf()).not.toBe(old);
    expect(await follow(old)).toEqual({ kind: "refused", because: "unknown_proof" });
    expect(await follow(linkOf())).toMatchObject({ kind: "claimed" });
  });

  it("asked for again by who has the coupon shows it by a new link, tells nobody and gives no other", async () => {
    await scene.claim();
    const claimed = await follow(linkOf());
    const told = scene.told().length;
    expect(await scene.claim()).toEqual({ kind: "verify", referralId: expect.any(String) });
    expect(await follow(linkOf())).toEqual(claimed);
    expect(scene.told().slice(told)).toEqual(["opted-in.recipient"]);
    expect(await scene.timeline()).toHaveLength(2);
  });

  it("asked for twice at once sends one link, which works", async () => {
    await scene.claim();
    expect(await scene.claim()).toMatchObject({ kind: "verify" });
    expect(scene.told()).toEqual(["opted-in.recipient"]);
    expect(await follow(linkOf())).toMatchObject({ kind: "claimed" });
  });

  it("agrees to nothing in somebody's name before the address is theirs", async () => {
    const consent = {
      channel: "email",
      state: "subscribed",
      text: "Juniper may write to me.",
      place: "https://juniper.shop/apps/passalong/OCEAN7QK",
      source: "claim_form",
    } as const;
    const kept = () => db.consentRecord.findMany({ where: { shopId: scene.shopId } });
    await scene.claim();
    await scene.claim("Fern", { consent });
    expect(await kept()).toEqual([]);
    await follow(linkOf());
    expect(await kept()).toMatchObject([{ ...consent, source: "proved_form" }]);
    await scene.claim("Moss", { consent });
    expect(await kept()).toHaveLength(1);
    await follow(linkOf());
    await scene.claim("Moss", { consent: { ...consent, text: "Typed by a stranger." } });
    expect(await kept()).toHaveLength(2);
  });

  it("gives no coupon to one who bought meanwhile", async () => {
    await scene.claim();
    await scene.buys({ discountCodes: [{ code: scene.code, amount: 900n }], buyer: buyer("Fern", { gid: null }) });
    expect(await follow(linkOf())).toEqual({ kind: "refused", because: "not_first_order" });
  });

  it("a link is good for three days", async () => {
    await scene.claim();
    scene.pass(3 * DAY);
    expect(await follow(linkOf())).toEqual({ kind: "refused", because: "proof_expired" });
  });

  it("no token is stored", async () => {
    await scene.claim();
    const token = linkOf().split("/").at(-1) ?? "";
    const proofs = await db.addressProof.findMany({ where: { shopId: scene.shopId } });
    expect(JSON.stringify(proofs)).not.toContain(token);
  });
});

describe("an invitation", () => {
  beforeEach(async () => {
    scene = await referralScene({ verifyAddress: true });
  });
  const invite = (email: string) => scene.decide((ctx) => inviteRecipient(ctx, buyer("Ocean").gid ?? "", email));

  it("tells both sides, and whoever claims by it still proves the address that it went to", async () => {
    expect(await invite(" Fern@Grove.shop")).toMatchObject({ kind: "invited" });
    expect(scene.told()).toEqual(["sent.referrer", "invitation.recipient"]);
    expect(await scene.claim()).toMatchObject({ kind: "verify" });
    expect(await scene.referral()).toMatchObject({ state: "invited" });
    expect(await follow(linkOf())).toMatchObject({ kind: "claimed", coupon: expect.any(String) });
    expect(await scene.timeline()).toEqual(["· → invited (invited)", "invited → claimed (address_verified)"]);
    expect(scene.told().slice(2)).toEqual(["opted-in.recipient", "received-coupon.recipient"]);
  });

  it("is claimed once by one who sends the form twice at once", async () => {
    await scene.changeTerms({ verifyAddress: false });
    await invite("fern@grove.shop");
    const details = { email: "fern@grove.shop", firstName: "Fern", lastName: "Grove", locale: "en", consent: null };
    const answers: ClaimOutcome[] = [];
    const claims = async (ctx: Context) => void answers.push(await claimReferral(ctx, scene.code, details));
    await scene.decide((ctx) => claims({ ...ctx, tx: whileWaiting(ctx.tx, "Referral", () => claims(ctx)) }));
    expect(answers).toMatchObject([{ kind: "claimed", coupon: expect.any(String) }, answers[0]]);
    expect(await scene.timeline()).toEqual(["· → invited (invited)", "invited → claimed (details_left)"]);
  });

  it.each([
    ["twice", "fern@grove.shop", "already_referred"],
    ["to oneself", "ocean@grove.shop", "self_referral"],
    ["to no address", "fern", "bad_email"],
  ])("%s is refused", async (_case, email, because) => {
    await invite("fern@grove.shop");
    expect(await invite(email)).toEqual({ kind: "refused", because });
  });
});
