-- When Shopify last issued a session token for the shop: an uninstallation from before is history.
ALTER TABLE "Shop" ADD COLUMN "seenAt" TIMESTAMPTZ(3);
