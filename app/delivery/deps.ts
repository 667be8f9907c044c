import type { PrismaClient } from "@prisma/client";
import type pg from "pg";
import type { Logger } from "pino";
import type { EspKey } from "#app/esps/index.ts";
import type { Keyring } from "#app/lib/sealed.ts";

/** What delivery needs of the process it runs in. `now` is business time; leases, pace and retries are real time. */
export type DeliveryDeps = {
  readonly db: PrismaClient;
  readonly pool: pg.Pool;
  readonly now: () => Date;
  readonly log: Logger;
  readonly keyring: Keyring;
  /** Without a slash at the end. */
  readonly baseUrls: Readonly<Record<EspKey, string>>;
};
