import { z } from "zod";

/*
 * What the storefront's scripts and the app say to each other, through the app proxy (`{shop}/apps/passalong`). The theme
 * extension imports the types only.
 *
 *   GET  /                          → BlockAnswer: how the customer who is signed in stands
 *   POST /?join={nonce}             → BlockAnswer: they join; who has joined keeps what they have. Body: JoinRequest
 *   POST /?invite={nonce}           → InviteAnswer: they invite a friend by e-mail. Body: InviteRequest
 *   GET  /{code}                    → a page in the shop's theme: what a referrer's link leads to
 *   POST /{code}?claim={nonce}      → ClaimAnswer: a friend leaves their details. Body: ClaimRequest
 *   GET  /verify/{token}            → a page in the shop's theme: what the link of a verification mail leads to
 *   POST /verify/{token}?claim={nonce} → ClaimAnswer: its one button was pressed. Body: ProofRequest
 *
 * Bodies are JSON. The two pages also post as plain forms where no script runs, and are then answered with a page.
 * Anything refused as a request is an ErrorAnswer with a status of 400 or more, and to a GET of a page a page.
 */

/** 128 random bits in base64url, new with every try: no two tries have the same signature. */
export const nonceShape = /^[A-Za-z0-9_-]{22}$/;

/** Empty so far. It is not signed: nothing in it may say who joins where. */
export const joinRequest = z.strictObject({});

/** Any text: what is no address is refused in words, beside the field. */
export const inviteRequest = z.strictObject({ email: z.string().max(254) });

/** What the form on a link's page holds. Any text: what will not do is refused in words, beside its field. */
export const claimRequest = z.strictObject({
  firstName: z.string().trim().max(100),
  lastName: z.string().trim().max(100),
  email: z.string().max(254),
  /** The language that the page was shown in: it says which words stood beside the checkbox. */
  locale: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  /** Ticked, or not there. */
  consent: z.literal("yes").optional(),
});
export type ClaimRequest = z.output<typeof claimRequest>;

export const proofRequest = z.strictObject({});

export const blockAnswer = z.discriminatedUnion("state", [
  /** Nobody is signed in. */
  z.object({ state: z.literal("signed-out") }),
  /** Signed in, and may join. */
  z.object({ state: z.literal("outside") }),
  z.object({ state: z.literal("joined"), link: z.url(), code: z.string() }),
  /** Cannot join: the shop has no program, or the customer no e-mail address. */
  z.object({ state: z.literal("refused"), because: z.enum(["no_program", "no_email"]) }),
]);
export type BlockAnswer = z.output<typeof blockAnswer>;

export const inviteAnswer = z.discriminatedUnion("state", [
  /** Nobody is signed in. */
  z.object({ state: z.literal("signed-out") }),
  z.object({ state: z.literal("invited") }),
  z.object({
    state: z.literal("refused"),
    because: z.enum(["no_program", "not_joined", "bad_email", "self_referral", "already_referred", "not_first_order"]),
  }),
]);
export type InviteAnswer = z.output<typeof inviteAnswer>;

export const claimAnswer = z.discriminatedUnion("state", [
  /** The coupon works now. `claim` is for the cart. */
  z.object({ state: z.literal("claimed"), coupon: z.string(), claim: z.string() }),
  /** The coupon is being made: who asks again in a minute sees it. */
  z.object({ state: z.literal("coming"), claim: z.string() }),
  /** A link follows by e-mail, and after it the coupon. */
  z.object({ state: z.literal("verify") }),
  /** The link of that e-mail was used, replaced by a newer one, or is too old. */
  z.object({ state: z.literal("expired") }),
  z.object({
    state: z.literal("refused"),
    because: z.enum([
      "bad_first_name",
      "bad_last_name",
      "bad_email",
      "self_referral",
      "not_first_order",
      "no_program",
      "unknown_code",
      "coupon_over",
    ]),
  }),
]);
export type ClaimAnswer = z.output<typeof claimAnswer>;

/** Why a request came to nothing. The message is for developers; a block shows its own words. */
export const errorAnswer = z.object({
  error: z.object({
    code: z.enum([
      "bad_query",
      "bad_signature",
      "expired",
      "replayed",
      "bad_body",
      "bad_method",
      "unknown_shop",
      "unknown_customer",
      "not_ready",
    ]),
    message: z.string(),
  }),
});
export type ErrorAnswer = z.output<typeof errorAnswer>;
export type ErrorCode = ErrorAnswer["error"]["code"];
