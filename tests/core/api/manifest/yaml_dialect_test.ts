import assert from "node:assert/strict";
import { readManifests } from "../../../../core/api/manifest/mod.ts";
import { ManifestError } from "../../../../core/api/manifest/manifest_error.ts";
import rows from "../../../fixtures/yaml/dialect.json" with { type: "json" };

interface Row {
  row: string;
  object?: unknown;
  refused?: boolean;
}

/** Rows that are read although kubectl refuses them: escapes of JSON inside of YAML. */
const TAKEN_HERE = ['value: "\\ud83d\\ude00"', 'value: "a\\/b"'];
/** Rows that are refused although kubectl takes them. */
const REFUSED_HERE = [
  // A directive in the middle of a document.
  "%YAML 1.1",
];

function read(row: string): unknown {
  const text = `apiVersion: example.org/v1\nkind: Row\nmetadata: {name: row}\n${row}\n`;
  const { documents } = readManifests({ file: "row.yaml", text });
  assert.equal(documents.length, 1);
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } =
    documents[0]?.object ?? {};
  return rest;
}

Deno.test("YAML is read as kubectl reads it, and refused where kubectl refuses it", () => {
  assert.ok(rows.length >= 200);
  for (const { row, object, refused = false } of rows as Row[]) {
    if (TAKEN_HERE.includes(row) || REFUSED_HERE.includes(row)) continue;
    if (refused) assert.throws(() => read(row), ManifestError, row);
    else assert.equal(sorted(read(row)), sorted(object), row);
  }
});

Deno.test("the rows that are read otherwise than by kubectl are these", () => {
  for (const row of TAKEN_HERE) assert.doesNotThrow(() => read(row), row);
  for (const row of REFUSED_HERE) assert.throws(() => read(row), ManifestError, row);
});

/** JSON with sorted keys, in which a field named `__proto__` is one like any other. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${sorted(each)}`).join()}}`;
}
