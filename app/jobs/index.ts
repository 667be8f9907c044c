import type { Queue } from "#app/queue/boss.ts";
import { checkDiscounts } from "./check-discounts.ts";
import { disableCoupon } from "./disable-coupon.ts";
import { issueCoupon } from "./issue-coupon.ts";
import { keepStocks } from "./keep-stocks.ts";
import { moveCodesJob } from "./move-codes.ts";
import { rebuildFiguresJob } from "./rebuild-figures.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { remakeCodes } from "./remake-codes.ts";
import { settleDue } from "./settle-due.ts";
import { stockCoupons } from "./stock-coupons.ts";
import { sweepCouponsJob } from "./sweep-coupons.ts";
import { sweepInboxBodies } from "./sweep-inbox-bodies.ts";
import { syncShop } from "./sync-shop.ts";

/** Every job by its name, which is its file's and its queue's. */
export const jobs = {
  "check-discounts": checkDiscounts,
  "disable-coupon": disableCoupon,
  "issue-coupon": issueCoupon,
  "keep-stocks": keepStocks,
  "move-codes": moveCodesJob,
  "rebuild-figures": rebuildFiguresJob,
  "refresh-tokens": refreshTokens,
  "remake-codes": remakeCodes,
  "settle-due": settleDue,
  "stock-coupons": stockCoupons,
  "sweep-coupons": sweepCouponsJob,
  "sweep-inbox-bodies": sweepInboxBodies,
  "sync-shop": syncShop,
} as const satisfies Record<string, Queue>;
