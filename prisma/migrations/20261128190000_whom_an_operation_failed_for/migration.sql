-- What failed is remembered with the person that it failed for. Counting begins anew.
UPDATE "EspAccount" SET "failures" = '{}';
