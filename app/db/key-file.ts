import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newKeyringText } from "#app/lib/sealed.ts";

/** The embedded database's own keyring beside its data, made on the first start, readable by its owner only. */
export function readOrMakeKeyFile(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${newKeyringText("local")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}
