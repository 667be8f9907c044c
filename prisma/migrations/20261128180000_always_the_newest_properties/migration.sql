-- Every delivery carries the person's newest properties, not only one that is sent again by hand.
ALTER TABLE "Delivery" DROP COLUMN "replayed";
