import assert from "node:assert/strict";
import { playRow, readTable, tableFile, tableNames, tableText } from "./table.ts";

const TABLES = tableNames()
  .map((name) => readTable(name, Deno.readTextFileSync(tableFile(name))));

for (const table of TABLES) {
  for (const row of table.rows) {
    Deno.test(`golden ${table.name}: ${row.name} (if the change is wanted: deno task golden:update)`, async () => {
      assert.equal(await playRow(table, row), row.expected);
    });
  }
}

Deno.test("the rows of a table have names of their own", () => {
  for (const { name, rows } of TABLES) {
    const names = rows.map((row) => row.name);
    assert.deepEqual(names, [...new Set(names)], name);
  }
});

Deno.test("a table that is written again with the same outcomes is the same", () => {
  for (const table of TABLES) {
    const outputs = table.rows.map(({ expected }) => expected);
    assert.equal(tableText(table, outputs), Deno.readTextFileSync(tableFile(table.name)));
  }
});
