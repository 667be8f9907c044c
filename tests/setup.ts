import { afterAll } from "vitest";
import { createTestDatabase } from "#tests/database.ts";

/** A database of its own for every test file, before anything of the app is imported. */
const database = await createTestDatabase();
Object.assign(process.env, database.env);

afterAll(async () => {
  const { closeDatabase } = await import("#app/db.server.ts");
  await closeDatabase();
  await database.drop();
});
