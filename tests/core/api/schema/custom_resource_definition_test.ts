import assert from "node:assert/strict";
import { customResourceDefinition } from "../../../../core/api/schema/custom_resource_definition.ts";
import { KINDS, ROLLOUT_KIND } from "../../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../../core/api/schema/open_definition.ts";
import { REFERENCE_TEMPLATE, referenceKind, type Row } from "./reference.ts";

// deno-lint-ignore no-explicit-any
type Open = any;

/** What fits into the annotation in which `kubectl apply` remembers an object. */
const LARGEST_ANNOTATION_BYTES = 262_144;

function schemaOf(definition: Open): Open {
  return definition.spec.versions[0].schema.openAPIV3Schema;
}

/** Every field of a definition, with its path. */
function fieldsOf(schema: Open, path = ""): [string, Open][] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldsOf(child, path === "" ? name : `${path}.${name}`)
  );
  const { items, additionalProperties } = schema;
  return [
    [path, schema],
    ...below,
    ...(items ? fieldsOf(items, `${path}[]`) : []),
    ...(additionalProperties ? fieldsOf(additionalProperties, `${path}{}`) : []),
  ];
}

for (const kind of KINDS) {
  const name = kind.type.kind;
  const definition: Open = customResourceDefinition(kind);

  Deno.test(`${name}: names, columns, subresources and scale paths are the reference's`, () => {
    const { scope, names, columns, subresources } = referenceKind(name);
    assert.equal(definition.metadata.name, `${names["plural"]}.argoproj.io`);
    assert.equal(definition.spec.scope, scope);
    assert.deepEqual(definition.spec.names, names);
    const [version] = definition.spec.versions;
    assert.equal(version.name, "v1alpha1");
    const shown = version.additionalPrinterColumns
      .map((column: Open) => [column.name, column.type, column.jsonPath]);
    assert.deepEqual(shown, columns);
    assert.deepEqual(version.subresources, subresources);
  });

  Deno.test(`${name}: the definition is small enough for kubectl apply`, () => {
    assert.ok(JSON.stringify(definition).length < LARGEST_ANNOTATION_BYTES / 4);
  });

  Deno.test(`${name}: every field has a type that an API server takes`, () => {
    for (const [path, field] of fieldsOf(schemaOf(definition))) {
      const isTyped = typeof field.type === "string" ||
        field["x-kubernetes-int-or-string"] === true ||
        field["x-kubernetes-preserve-unknown-fields"] === true;
      assert.ok(isTyped, path);
      for (const word of Object.keys(field)) {
        assert.ok(!["anyOf", "minimum", "maximum", "$schema"].includes(word), `${path}: ${word}`);
        assert.ok(!word.startsWith("x-") || word.startsWith("x-kubernetes-"), `${path}: ${word}`);
      }
    }
  });

  Deno.test(`${name}: outside of pod templates every field says what it is for`, () => {
    for (const [path, field] of fieldsOf(schemaOf(definition))) {
      const isOwn = /^(spec|status)/.test(path) && !/template\.|job\.spec\./.test(path) &&
        !/[\]}]$/.test(path);
      if (!isOwn) continue;
      assert.match(field.description ?? "", /^\S.*[.…]$/s, path);
    }
  });
}

Deno.test("a thinned pod template keeps every merge key and every default that the server acts on", () => {
  const kept = new Map(fieldsOf(
    schemaOf(customResourceDefinition(ROLLOUT_KIND)).properties.spec
      .properties.template,
  ));
  const expected = REFERENCE_TEMPLATE.filter(([, , words = {}]) =>
    words["x-kubernetes-list-type"] === "map" || words["default"] !== undefined
  ).filter(([path]) => !isInsideOfWhole(path));
  assert.ok(expected.length > 50, String(expected.length));
  for (const [path, , words = {}] of expected) {
    const field = kept.get(path);
    assert.ok(field !== undefined, path);
    assert.deepEqual(field.default, words["default"], path);
    const keys = words["x-kubernetes-list-map-keys"] as string[] | undefined;
    assert.deepEqual(field["x-kubernetes-list-map-keys"], keys, path);
    for (const key of keys ?? []) assert.ok(field.items.properties[key]?.type, `${path}.${key}`);
  }
});

/** Lists with merge keys inside of lists without: never merged, so nothing to keep. */
function isInsideOfWhole(path: string): boolean {
  const lists = new Map(REFERENCE_TEMPLATE.map((row: Row) => [row[0], row[2] ?? {}]));
  const parents = [...path.matchAll(/\[\]/g)].map(({ index }) => path.slice(0, index));
  const isDefault = lists.get(path)?.["default"] !== undefined;
  return !isDefault &&
    parents.some((parent) => lists.get(parent)?.["x-kubernetes-list-map-keys"] === undefined);
}

Deno.test("an open definition wants a spec and keeps every field of spec and status", () => {
  const schema = schemaOf(openDefinition(ROLLOUT_KIND));
  assert.deepEqual(schema.required, ["spec"]);
  for (const part of ["spec", "status"]) {
    assert.equal(schema.properties[part]["x-kubernetes-preserve-unknown-fields"], true);
  }
});

Deno.test("a definition handed out is the taker's own", () => {
  const taken: Open = openDefinition(ROLLOUT_KIND);
  taken.spec.versions[0].additionalPrinterColumns.length = 0;
  const other: Open = openDefinition(ROLLOUT_KIND);
  assert.equal(other.spec.versions[0].additionalPrinterColumns.length, 5);
});
