-- What somebody ticked before their address was proved.
ALTER TABLE "AddressProof" ADD COLUMN "consent" JSONB;
