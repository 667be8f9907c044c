import { dropTestDatabases, makeTemplate } from "#tests/database.ts";

/** Once per run, before any worker starts. */
export default async function setUp() {
  process.env.TEST_RUN = String(process.pid);
  await makeTemplate();
  return dropTestDatabases;
}
