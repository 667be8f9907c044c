import { emptyTables } from "#tests/database.ts";
import { workerEnvironment } from "#tests/worker-environment.ts";

/** Every test file begins with an empty database. Its worker, with the app's modules, goes on to the next file. */
Object.assign(process.env, await workerEnvironment());
await emptyTables();
