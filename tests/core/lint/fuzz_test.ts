import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import { judge, readSources } from "../../../core/lint/mod.ts";
import { jsonReport, sarifReport } from "../../../core/lint/mod.ts";
import type { Finding } from "../../../core/lint/mod.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import type { Json } from "../../../sdk/wire/json.ts";
import blueGreen from "../../fixtures/seeds/01-bluegreen/manifests.yaml" with { type: "text" };
import canary from "../../fixtures/seeds/03-canary-undo-abort/manifests.yaml" with { type: "text" };
import experiments from "../../fixtures/seeds/09-canary-istio-dr-analysis-experiment/manifests.yaml" with {
  type: "text",
};
import workload from "../../fixtures/seeds/10-istio-workloadref/manifests.yaml" with {
  type: "text",
};
import experiment from "../../fixtures/seeds/90-section1-examples/manifest-6.yaml" with {
  type: "text",
};
import { mutated, type Mutation, mutations } from "./mutations.ts";
import { plugins } from "../../../plugins/mod.ts";

const FILES: readonly Json[][] = [blueGreen, canary, experiments, workload, experiment]
  .map((text) => parseAllDocuments(text).map((document) => document.toJS() as Json));
const DOCUMENTS_MIN = 5000;

/** The documents of a file, each made wrong. */
function wrongFile(documents: readonly Json[], lists: readonly Mutation[][]): Json[] {
  return documents.map((document, index) => mutated(document, lists[index] ?? []));
}

function lintFile(documents: readonly Json[]): Finding[] {
  const text = documents.map((document) => JSON.stringify(document)).join("\n---\n");
  const reading = readSources([{ file: "a.yaml", text, isNamed: true }]);
  assert.deepEqual(reading.unreadable, []);
  return judge(reading, plugins);
}

/** The parts of `spec.steps[0].a["b c"]`. */
function partsOf(path: string): (string | number)[] {
  const parts = path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_][A-Za-z0-9_-]*)/g);
  return [...parts].map(([, index, quoted, name]) =>
    index !== undefined ? Number(index) : quoted !== undefined ? JSON.parse(quoted) : name ?? ""
  );
}

/** How many parts of a path lead to something. */
function depthOf(document: Json, parts: readonly (string | number)[]): number {
  let at: unknown = document;
  for (const [depth, part] of parts.entries()) {
    const fields = typeof part === "number" ? listOf(at) : fieldsOf(at);
    if (!Object.hasOwn(fields, part)) return depth;
    at = (fields as Record<string | number, unknown>)[part];
  }
  return parts.length;
}

const SAYS_WHAT_IS_MISSING =
  /required|missing|must be set|must to be set|not found|must have|does not match|same service|be greater|can not|cannot|supported values/i;

/** An error is about a field that is there, or says what is missing. */
function assertPointsSomewhere({ path, text }: Finding, documents: readonly Json[]): void {
  const parts = partsOf(path);
  const depth = Math.max(...documents.map((document) => depthOf(document, parts)));
  assert.ok(
    depth === parts.length || SAYS_WHAT_IS_MISSING.test(text),
    `nothing stands at "${path}": ${text}`,
  );
}

Deno.test(`${DOCUMENTS_MIN} documents made wrong are told in findings that lead somewhere`, () => {
  let documentCount = 0;
  let errorCount = 0;
  const file = fc.tuple(fc.constantFrom(...FILES), fc.array(mutations, { maxLength: 8 }));
  const property = fc.property(file, ([documents, lists]) => {
    const wrong = wrongFile(documents, lists);
    documentCount += wrong.length;
    const findings = lintFile(wrong);
    for (const finding of findings) {
      const { line, column, text, severity } = finding;
      assert.ok(line >= 1 && column >= 1, `${line}:${column}`);
      // Argo's sentence about an empty count ends where the count would stand.
      assert.match(text, /^\S.*(\S|for count: )$/);
      assert.doesNotMatch(text, /undefined|NaN|\[object|\n|\.ts:\d/);
      if (severity === "error") assertPointsSomewhere(finding, wrong);
    }
    errorCount += findings.filter(({ severity }) => severity === "error").length;
    JSON.parse(jsonReport(findings));
    JSON.parse(sarifReport(findings, { version: "0", unreadable: [] }));
  });
  fc.assert(property, { numRuns: 1500 });
  assert.ok(documentCount >= DOCUMENTS_MIN, `only ${documentCount} documents`);
  assert.ok(errorCount > documentCount / 2, `only ${errorCount} errors`);
});

/** What no code may take for text: it has no `toString`. */
const NO_TEXT: Json = { "constructor": 1, "toString": null, "length": -1 };

/** Every place of a document, as the document with `NO_TEXT` there. */
function* withoutText(document: Json): Iterable<Json> {
  if (typeof document !== "object" || document === null) return;
  const isList = Array.isArray(document);
  for (const [key, value] of Object.entries(document)) {
    for (const inner of [NO_TEXT, ...withoutText(value)]) {
      yield isList
        ? document.map((each, index) => String(index) === key ? inner : each)
        : { ...document, [key]: inner };
    }
  }
}

Deno.test("a value that has no text is told at each place of a manifest, never thrown at", () => {
  let placeCount = 0;
  for (const documents of FILES) {
    for (const [index, document] of documents.entries()) {
      for (const wrong of withoutText(document)) {
        placeCount++;
        const findings = lintFile(documents.with(index, wrong));
        for (const { text } of findings) assert.doesNotMatch(text, /undefined|NaN|\[object/);
      }
    }
  }
  assert.ok(placeCount > 400, `only ${placeCount} places`);
});
