-- When a discount that customers may miss was deleted in Shopify; until the merchant wants it again.
ALTER TABLE "Discount" ADD COLUMN "deletedAt" TIMESTAMPTZ(3);
