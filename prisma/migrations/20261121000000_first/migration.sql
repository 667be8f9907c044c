-- CreateTable
CREATE TABLE "Shop" (
    "id" TEXT COLLATE "C" NOT NULL,
    "domain" TEXT COLLATE "C" NOT NULL,
    "gid" TEXT COLLATE "C",
    "name" TEXT NOT NULL DEFAULT '',
    "email" TEXT,
    "currency" CHAR(3),
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "locale" TEXT NOT NULL DEFAULT 'en',
    "primaryDomainUrl" TEXT,
    "proxyPath" TEXT NOT NULL DEFAULT '/apps/passalong',
    "taxesIncluded" BOOLEAN NOT NULL DEFAULT false,
    "scopes" TEXT[],
    "installedAt" TIMESTAMPTZ(3) NOT NULL,
    "uninstalledAt" TIMESTAMPTZ(3),
    "syncedAt" TIMESTAMPTZ(3),
    "guideHiddenAt" TIMESTAMPTZ(3),

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT COLLATE "C" NOT NULL,
    "shopDomain" TEXT NOT NULL,
    "isOnline" BOOLEAN NOT NULL,
    "scope" TEXT,
    "expires" TIMESTAMPTZ(3),
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "refreshTokenExpires" TIMESTAMPTZ(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UsedSignature" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "signature" TEXT NOT NULL,
    "usedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsedSignature_pkey" PRIMARY KEY ("shopId","signature")
);

-- CreateTable
CREATE TABLE "WebhookInbox" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "webhookId" TEXT COLLATE "C" NOT NULL,
    "laneId" TEXT COLLATE "C" NOT NULL,
    "body" TEXT,
    "bodyHash" TEXT NOT NULL,
    "triggeredAt" TIMESTAMPTZ(3),
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "doneAt" TIMESTAMPTZ(3),
    "personId" TEXT COLLATE "C",

    CONSTRAINT "WebhookInbox_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Lane" (
    "id" TEXT COLLATE "C" NOT NULL,
    "shopId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT NOT NULL,
    "readyAt" TIMESTAMPTZ(3),
    "lockedUntil" TIMESTAMPTZ(3),
    "lockedBy" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Lane_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Person" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "gid" TEXT COLLATE "C",
    "email" TEXT,
    "emailFraudKey" TEXT,
    "phone" TEXT,
    "firstName" TEXT,
    "lastName" TEXT,
    "locale" TEXT,
    "city" TEXT,
    "region" TEXT,
    "country" TEXT,
    "zip" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "redactedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Person_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "PersonAlias" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PersonAlias_pkey" PRIMARY KEY ("shopId","kind","value")
);

-- CreateTable
CREATE TABLE "ConsentRecord" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "text" TEXT,
    "place" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ConsentRecord_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Program" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Program_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ProgramVersion" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "programId" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL,
    "terms" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ProgramVersion_pkey" PRIMARY KEY ("shopId","programId","version")
);

-- CreateTable
CREATE TABLE "Referrer" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "programId" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "code" TEXT NOT NULL,
    "formerCodes" TEXT[],
    "joinedAt" TIMESTAMPTZ(3) NOT NULL,
    "successfulCount" INTEGER NOT NULL DEFAULT 0,
    "successfulRevenue" BIGINT NOT NULL DEFAULT 0,
    "currency" CHAR(3) NOT NULL,
    "latestSuccessAt" TIMESTAMPTZ(3),

    CONSTRAINT "Referrer_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Referral" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "programId" TEXT COLLATE "C" NOT NULL,
    "programVersion" INTEGER NOT NULL,
    "referrerId" TEXT COLLATE "C" NOT NULL,
    "recipientId" TEXT COLLATE "C" NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "signal" TEXT,
    "review" TEXT,
    "orderGid" TEXT COLLATE "C",
    "orderName" TEXT,
    "revenue" BIGINT NOT NULL DEFAULT 0,
    "currency" CHAR(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "claimedAt" TIMESTAMPTZ(3),
    "purchasedAt" TIMESTAMPTZ(3),
    "approvedAt" TIMESTAMPTZ(3),
    "dueAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Referral_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ReferralTransition" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "referralId" TEXT COLLATE "C" NOT NULL,
    "seq" INTEGER NOT NULL,
    "from" TEXT,
    "to" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ReferralTransition_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "AddressProof" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "referralId" TEXT COLLATE "C" NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "AddressProof_pkey" PRIMARY KEY ("shopId","tokenHash")
);

-- CreateTable
CREATE TABLE "OrderFacts" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "gid" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C",
    "referralId" TEXT COLLATE "C",
    "facts" JSONB NOT NULL,
    "verdict" TEXT NOT NULL,
    "landingSite" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "OrderFacts_pkey" PRIMARY KEY ("shopId","gid")
);

-- CreateTable
CREATE TABLE "Discount" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "termsHash" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "title" TEXT NOT NULL,
    "gid" TEXT COLLATE "C",
    "firstCode" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Discount_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Coupon" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "discountId" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C",
    "kind" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "issuedAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),
    "orderGid" TEXT COLLATE "C",
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "removedAt" TIMESTAMPTZ(3),
    "sweptAt" TIMESTAMPTZ(3),

    CONSTRAINT "Coupon_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Reward" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "referralId" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "couponId" TEXT COLLATE "C",
    "reason" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "issuedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Reward_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "OutboxEvent" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT NOT NULL,
    "entry" TEXT NOT NULL,
    "payload" JSONB,
    "properties" JSONB,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "OutboxEvent_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Connection" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "esp" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "auth" TEXT NOT NULL DEFAULT 'keys',
    "credentials" TEXT,
    "masked" JSONB,
    "accountKey" TEXT,
    "accountName" TEXT,
    "settings" JSONB NOT NULL,
    "pausedReason" TEXT,
    "connectedAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSuccessAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Connection_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "EspAccount" (
    "esp" TEXT NOT NULL,
    "accountKey" TEXT NOT NULL,
    "lockedBy" TEXT,
    "blockedUntil" TIMESTAMPTZ(3),
    "usage" JSONB NOT NULL DEFAULT '{}',
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "EspAccount_pkey" PRIMARY KEY ("esp","accountKey")
);

-- CreateTable
CREATE TABLE "ConnectionPerson" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "connectionId" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "espProfileId" TEXT COLLATE "C",
    "sentHash" TEXT,
    "listState" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ConnectionPerson_pkey" PRIMARY KEY ("shopId","connectionId","personId")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "connectionId" TEXT COLLATE "C" NOT NULL,
    "personId" TEXT COLLATE "C" NOT NULL,
    "outboxEventId" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "replayed" BOOLEAN NOT NULL DEFAULT false,
    "readyAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "EspCall" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "connectionId" TEXT COLLATE "C" NOT NULL,
    "method" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "request" TEXT,
    "status" INTEGER,
    "response" TEXT,
    "durationMs" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EspCall_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "shopId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "deliveryId" TEXT COLLATE "C" NOT NULL,
    "callId" TEXT COLLATE "C" NOT NULL,
    "outcome" TEXT NOT NULL,
    "because" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Shop_domain_key" ON "Shop"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "Shop_gid_key" ON "Shop"("gid");

-- CreateIndex
CREATE INDEX "Session_shopDomain_idx" ON "Session"("shopDomain");

-- CreateIndex
CREATE INDEX "UsedSignature_shopId_usedAt_idx" ON "UsedSignature"("shopId", "usedAt");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookInbox_seq_key" ON "WebhookInbox"("seq");

-- CreateIndex
CREATE INDEX "WebhookInbox_lane" ON "WebhookInbox"("laneId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "WebhookInbox_shopId_topic_webhookId_key" ON "WebhookInbox"("shopId", "topic", "webhookId");

-- CreateIndex
CREATE INDEX "Lane_kind_readyAt_idx" ON "Lane"("kind", "readyAt");

-- CreateIndex
CREATE INDEX "Person_shopId_emailFraudKey_idx" ON "Person"("shopId", "emailFraudKey");

-- CreateIndex
CREATE UNIQUE INDEX "Person_shopId_gid_key" ON "Person"("shopId", "gid");

-- CreateIndex
CREATE UNIQUE INDEX "Person_shopId_email_key" ON "Person"("shopId", "email");

-- CreateIndex
CREATE INDEX "PersonAlias_shopId_personId_idx" ON "PersonAlias"("shopId", "personId");

-- CreateIndex
CREATE INDEX "ConsentRecord_shopId_personId_channel_at_idx" ON "ConsentRecord"("shopId", "personId", "channel", "at");

-- CreateIndex
CREATE UNIQUE INDEX "Referrer_shopId_programId_personId_key" ON "Referrer"("shopId", "programId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "Referrer_shopId_code_key" ON "Referrer"("shopId", "code");

-- CreateIndex
CREATE INDEX "Referral_shopId_state_createdAt_idx" ON "Referral"("shopId", "state", "createdAt");

-- CreateIndex
CREATE INDEX "Referral_shopId_referrerId_idx" ON "Referral"("shopId", "referrerId");

-- CreateIndex
CREATE INDEX "Referral_shopId_recipientId_idx" ON "Referral"("shopId", "recipientId");

-- CreateIndex
CREATE INDEX "Referral_dueAt_idx" ON "Referral"("dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "Referral_shopId_orderGid_key" ON "Referral"("shopId", "orderGid");

-- CreateIndex
CREATE UNIQUE INDEX "ReferralTransition_shopId_referralId_seq_key" ON "ReferralTransition"("shopId", "referralId", "seq");

-- CreateIndex
CREATE INDEX "AddressProof_shopId_referralId_idx" ON "AddressProof"("shopId", "referralId");

-- CreateIndex
CREATE UNIQUE INDEX "OrderFacts_shopId_referralId_key" ON "OrderFacts"("shopId", "referralId");

-- CreateIndex
CREATE UNIQUE INDEX "Discount_shopId_termsHash_key" ON "Discount"("shopId", "termsHash");

-- CreateIndex
CREATE INDEX "Coupon_shopId_discountId_state_idx" ON "Coupon"("shopId", "discountId", "state");

-- CreateIndex
CREATE INDEX "Coupon_state_expiresAt_idx" ON "Coupon"("state", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "Coupon_shopId_code_key" ON "Coupon"("shopId", "code");

-- CreateIndex
CREATE UNIQUE INDEX "Reward_shopId_referralId_role_key" ON "Reward"("shopId", "referralId", "role");

-- CreateIndex
CREATE UNIQUE INDEX "Reward_shopId_couponId_key" ON "Reward"("shopId", "couponId");

-- CreateIndex
CREATE INDEX "OutboxEvent_shopId_personId_idx" ON "OutboxEvent"("shopId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "Connection_shopId_esp_key" ON "Connection"("shopId", "esp");

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_seq_key" ON "Delivery"("seq");

-- CreateIndex
CREATE INDEX "Delivery_shopId_seq_idx" ON "Delivery"("shopId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "Delivery_shopId_connectionId_outboxEventId_key" ON "Delivery"("shopId", "connectionId", "outboxEventId");

-- CreateIndex
CREATE INDEX "Attempt_shopId_deliveryId_idx" ON "Attempt"("shopId", "deliveryId");

-- AddForeignKey
ALTER TABLE "UsedSignature" ADD CONSTRAINT "UsedSignature_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WebhookInbox" ADD CONSTRAINT "WebhookInbox_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Person" ADD CONSTRAINT "Person_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonAlias" ADD CONSTRAINT "PersonAlias_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConsentRecord" ADD CONSTRAINT "ConsentRecord_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Program" ADD CONSTRAINT "Program_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProgramVersion" ADD CONSTRAINT "ProgramVersion_shopId_programId_fkey" FOREIGN KEY ("shopId", "programId") REFERENCES "Program"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Referrer" ADD CONSTRAINT "Referrer_shopId_programId_fkey" FOREIGN KEY ("shopId", "programId") REFERENCES "Program"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Referrer" ADD CONSTRAINT "Referrer_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Referral" ADD CONSTRAINT "Referral_shopId_programId_fkey" FOREIGN KEY ("shopId", "programId") REFERENCES "Program"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Referral" ADD CONSTRAINT "Referral_shopId_referrerId_fkey" FOREIGN KEY ("shopId", "referrerId") REFERENCES "Referrer"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Referral" ADD CONSTRAINT "Referral_shopId_recipientId_fkey" FOREIGN KEY ("shopId", "recipientId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReferralTransition" ADD CONSTRAINT "ReferralTransition_shopId_referralId_fkey" FOREIGN KEY ("shopId", "referralId") REFERENCES "Referral"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AddressProof" ADD CONSTRAINT "AddressProof_shopId_referralId_fkey" FOREIGN KEY ("shopId", "referralId") REFERENCES "Referral"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderFacts" ADD CONSTRAINT "OrderFacts_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderFacts" ADD CONSTRAINT "OrderFacts_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderFacts" ADD CONSTRAINT "OrderFacts_shopId_referralId_fkey" FOREIGN KEY ("shopId", "referralId") REFERENCES "Referral"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Discount" ADD CONSTRAINT "Discount_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Coupon" ADD CONSTRAINT "Coupon_shopId_discountId_fkey" FOREIGN KEY ("shopId", "discountId") REFERENCES "Discount"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Coupon" ADD CONSTRAINT "Coupon_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reward" ADD CONSTRAINT "Reward_shopId_referralId_fkey" FOREIGN KEY ("shopId", "referralId") REFERENCES "Referral"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reward" ADD CONSTRAINT "Reward_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reward" ADD CONSTRAINT "Reward_shopId_couponId_fkey" FOREIGN KEY ("shopId", "couponId") REFERENCES "Coupon"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OutboxEvent" ADD CONSTRAINT "OutboxEvent_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OutboxEvent" ADD CONSTRAINT "OutboxEvent_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Connection" ADD CONSTRAINT "Connection_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConnectionPerson" ADD CONSTRAINT "ConnectionPerson_shopId_connectionId_fkey" FOREIGN KEY ("shopId", "connectionId") REFERENCES "Connection"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConnectionPerson" ADD CONSTRAINT "ConnectionPerson_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_shopId_connectionId_fkey" FOREIGN KEY ("shopId", "connectionId") REFERENCES "Connection"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_shopId_personId_fkey" FOREIGN KEY ("shopId", "personId") REFERENCES "Person"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_shopId_outboxEventId_fkey" FOREIGN KEY ("shopId", "outboxEventId") REFERENCES "OutboxEvent"("shopId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EspCall" ADD CONSTRAINT "EspCall_shopId_connectionId_fkey" FOREIGN KEY ("shopId", "connectionId") REFERENCES "Connection"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_shopId_deliveryId_fkey" FOREIGN KEY ("shopId", "deliveryId") REFERENCES "Delivery"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_shopId_callId_fkey" FOREIGN KEY ("shopId", "callId") REFERENCES "EspCall"("shopId", "id") ON DELETE CASCADE ON UPDATE CASCADE;



-- What Prisma's schema language cannot say:

-- One live program of a kind per shop.
CREATE UNIQUE INDEX "Program_live" ON "Program"("shopId", "kind") WHERE "state" = 'live';

-- One open referral per program and recipient: the first claim wins.
CREATE UNIQUE INDEX "Referral_open" ON "Referral"("shopId", "programId", "recipientId") WHERE "state" IN ('invited', 'pending', 'claimed');

-- The queues: pending rows of a lane in order, lanes that have work, and due deadlines.
DROP INDEX "WebhookInbox_lane";
CREATE INDEX "WebhookInbox_lane" ON "WebhookInbox"("laneId", "seq") WHERE "state" = 'pending';
CREATE INDEX "Delivery_lane" ON "Delivery"("connectionId", "readyAt", "seq") WHERE "state" = 'pending';
CREATE INDEX "Delivery_person" ON "Delivery"("connectionId", "personId", "readyAt") WHERE "state" = 'pending';
DROP INDEX "Lane_kind_readyAt_idx";
CREATE INDEX "Lane_kind_readyAt_idx" ON "Lane"("kind", "readyAt") WHERE "readyAt" IS NOT NULL;
DROP INDEX "Referral_dueAt_idx";
CREATE INDEX "Referral_dueAt_idx" ON "Referral"("dueAt") WHERE "dueAt" IS NOT NULL;

-- What an hourly sweep and a merchant look for among many that are settled.
CREATE INDEX "WebhookInbox_bodies" ON "WebhookInbox"("doneAt") WHERE "body" IS NOT NULL;
CREATE INDEX "WebhookInbox_failed" ON "WebhookInbox"("shopId") WHERE "state" = 'failed';
