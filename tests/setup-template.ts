import { makeTemplate } from "#tests/database.ts";

/** Once per run, before any worker starts. */
export default makeTemplate;
