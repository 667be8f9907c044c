-- When a discount that customers may miss was deleted in Shopify, until the merchant wants it again; and when Shopify was
-- last asked whether it has it.
ALTER TABLE "Discount" ADD COLUMN "checkedAt" TIMESTAMPTZ(3), ADD COLUMN "deletedAt" TIMESTAMPTZ(3);
