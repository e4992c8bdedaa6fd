import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../../../../core/api/names/resources.ts";
import { makeWorld, widget, widgetDefinition, WIDGETS } from "./world.ts";

const strict = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1 },
    colour: { type: "string", enum: ["red", "green"], default: "red" },
    parts: { type: "array", items: { type: "object", properties: { name: { type: "string" } } } },
    notes: { type: "object", additionalProperties: { type: "string" } },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
  },
};

function strictWorld() {
  return makeWorld({ customResources: [widgetDefinition({ spec: strict })] });
}

Deno.test("a custom object loses what its schema does not know, and gets its defaults", async () => {
  const { client } = strictWorld();
  const spec = {
    size: 1,
    parts: [{ name: "a", lost: 1 }],
    notes: { any: "thing" },
    open: { kept: [1] },
    port: "http",
    lost: 1,
  };
  const made = await client.create(WIDGETS, { ...widget("a", spec), lost: 1 });
  assert.deepEqual(made["spec"], {
    size: 1,
    colour: "red",
    parts: [{ name: "a" }],
    notes: { any: "thing" },
    open: { kept: [1] },
    port: "http",
  });
  assert.equal(made["lost"], undefined);
});

Deno.test("a custom object that breaks its schema is refused", async () => {
  const { client } = strictWorld();
  const rows: [unknown, string][] = [
    [{}, "spec.size: Required value"],
    [
      { size: "1" },
      'spec.size: Invalid value: "string": spec.size in body must be of type ' +
      'integer: "string"',
    ],
    [
      { size: 0 },
      "spec.size: Invalid value: 0: spec.size in body should be greater than or " +
      "equal to 1",
    ],
    [
      { size: 1, colour: "blue" },
      'spec.colour: Unsupported value: "blue": supported values: ' +
      '"red", "green"',
    ],
    [
      { size: 1, parts: [{ name: 1 }] },
      'spec.parts[0].name: Invalid value: "integer": ' +
      'spec.parts[0].name in body must be of type string: "integer"',
    ],
    ["text", 'spec: Invalid value: "string": spec in body must be of type object: "string"'],
  ];
  for (const [spec, told] of rows) {
    await assert.rejects(client.create(WIDGETS, { ...widget("a"), spec }), {
      code: 422,
      reason: "Invalid",
      message: `Widget.example.test "a" is invalid: ${told}`,
    });
  }
});

Deno.test("a custom object must say its version and its kind", async () => {
  const { client } = makeWorld();
  await assert.rejects(client.create(WIDGETS, { ...widget("a"), apiVersion: "example.test/v2" }), {
    code: 400,
    message: "the API version in the data (example.test/v2) does not match the expected API " +
      "version (example.test/v1)",
  });
  await assert.rejects(client.create(WIDGETS, { ...widget("a"), kind: "Gadget" }), {
    code: 422,
    message: 'Gadget.example.test "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
  });
});

Deno.test("a definition must be named after what it defines, and have one stored version", async () => {
  const { client } = makeWorld({ customResources: [] });
  const definition = widgetDefinition();
  const create = (change: object) =>
    client.create(CUSTOM_RESOURCE_DEFINITIONS, { ...definition, ...change });
  await assert.rejects(create({ metadata: { name: "wrong" } }), { code: 422 });
  const spec = { ...definition["spec"] as object, versions: [] };
  await assert.rejects(create({ spec }), { code: 422 });
  const made = await create({});
  const { conditions } = made["status"] as { conditions: { type: string; status: string }[] };
  assert.ok(conditions.some(({ type, status }) => type === "Established" && status === "True"));
});
