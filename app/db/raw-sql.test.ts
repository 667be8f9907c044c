import { globSync, readFileSync } from "node:fs";
import { Prisma } from "@prisma/client";
import ts from "typescript";
import { expect, test } from "vitest";
import { UNGUARDED } from "#app/db/guard.ts";

const tables = Prisma.dmmf.datamodel.models.map(({ name }) => name).filter((name) => !UNGUARDED.has(name));
const statement = new RegExp(`\\b(from|join|into|update|table)\\s+(only\\s+)?"(${tables.join("|")})"`, "i");

/** A statement may serve every shop if it says why: workers claim, sweeps sweep. */
const exception = /\/\* across shops: [^*]{10,} \*\//;

/** Every text in a source file that could be SQL, with its line. Parts of one template are one text. */
function textsOf(file: string, source: string): { place: string; text: string }[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const texts: { place: string; text: string }[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      texts.push({ place: `${file}:${line + 1}`, text: node.getText() });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

function forgetful(file: string, source: string): string[] {
  return textsOf(file, source)
    .filter(({ text }) => statement.test(text) && !text.includes('"shopId"') && !exception.test(text))
    .map(({ place }) => place);
}

test("SQL that forgets the shop is found, whoever runs it", () => {
  const source = `
    await tx.$queryRaw\`SELECT * FROM "Person" WHERE "shopId" = \${shopId}\`;
    await tx.$executeRaw\`UPDATE "Person" SET email = NULL WHERE id = \${id}\`;
    await pool.query('DELETE FROM "Delivery"');
    await pool.query('DELETE FROM "Session"');
    await pool.query(\`/* across shops: the sweep of due holds */ SELECT id FROM "Referral" WHERE "dueAt" < now()\`);
  `;
  expect(forgetful("x.ts", source)).toEqual(["x.ts:3", "x.ts:4"]);
});

test("no statement forgets the shop", () => {
  const files = globSync("app/**/*.{ts,tsx}").filter((file) => !file.includes(".test."));
  expect(files.flatMap((file) => forgetful(file, readFileSync(file, "utf8")))).toEqual([]);
});
