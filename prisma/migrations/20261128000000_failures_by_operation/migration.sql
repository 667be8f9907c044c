-- An ESP's operations fail one by one: each has its own count. Counting begins anew.
ALTER TABLE "EspAccount" ALTER COLUMN "failures" DROP DEFAULT;
ALTER TABLE "EspAccount" ALTER COLUMN "failures" TYPE JSONB USING '{}';
ALTER TABLE "EspAccount" ALTER COLUMN "failures" SET DEFAULT '{}';
