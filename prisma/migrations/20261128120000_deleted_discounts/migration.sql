-- When a discount that customers may miss was deleted in Shopify, until the merchant wants it again; and when Shopify was
-- last known to have it, or asked.
ALTER TABLE "Discount" ADD COLUMN "checkedAt" TIMESTAMPTZ(3), ADD COLUMN "deletedAt" TIMESTAMPTZ(3);
