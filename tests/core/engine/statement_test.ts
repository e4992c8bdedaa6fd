import assert from "node:assert/strict";
import { patchStatement, statementOf, valueAt } from "../../../core/engine/statement.ts";
import { create } from "./engine_world.ts";
import { gear, GEARS, refTo } from "./objects.ts";

const target = { type: GEARS, ref: refTo("m-1") };

function said(type: "merge" | "json", body: unknown): [string, string][] {
  return [...patchStatement(target, { type, body }).values];
}

Deno.test("a merge patch says values by path, and neither version nor the time of now", () => {
  const metadata = {
    resourceVersion: "7",
    uid: "u",
    annotations: { "example.com/until": "2030-01-01T00:00:30Z", "a~b": null },
  };
  assert.deepEqual(said("merge", { metadata, spec: { teeth: 9, list: [1, { a: 2 }] } }), [
    ["/metadata/annotations/example.com~1until", '"(time)"'],
    ["/metadata/annotations/a~0b", "null"],
    ["/spec/teeth", "9"],
    ["/spec/list", '[1,{"a":2}]'],
  ]);
});

Deno.test("a JSON patch says what it sets, not what it tests", () => {
  const body = [
    { op: "test", path: "/metadata/resourceVersion", value: "7" },
    { op: "replace", path: "/spec/http/0/route/1/weight", value: 20 },
    { op: "remove", path: "/spec/mirror" },
  ];
  assert.deepEqual(said("json", body), [
    ["/spec/http/0/route/1/weight", "20"],
    ["/spec/mirror", "null"],
  ]);
});

Deno.test("who takes an entry out of managedFields says which, by its time", () => {
  const at = (time: string) => {
    const path = "/metadata/managedFields/1";
    return said("json", [
      { op: "test", path: `${path}/time`, value: time },
      { op: "remove", path },
    ]);
  };
  assert.deepEqual(at("2030-01-01T00:00:30Z"), [
    ["/metadata/managedFields/1/time", '"2030-01-01T00:00:30Z"'],
  ]);
  assert.notDeepEqual(at("2030-01-01T00:00:30Z"), at("2030-01-01T00:00:31Z"));
});

Deno.test("long values are told apart, and so are status and object", () => {
  const text = "x".repeat(100);
  const [[, one]] = said("merge", { spec: text }) as [[string, string]];
  const [[, other]] = said("merge", { spec: `${text.slice(1)}y` }) as [[string, string]];
  assert.ok(one.length < 40);
  assert.notEqual(one, other);
  const patch = { type: "merge", body: {} } as const;
  const objects = [
    patchStatement(target, patch),
    patchStatement(target, patch, { isStatus: true }),
  ];
  assert.notEqual(objects[0]?.object, objects[1]?.object);
});

Deno.test("of a status the times of conditions differ without meaning anything, no others", () => {
  const time = "2030-01-01T00:00:00Z";
  const pauseConditions = [{ startTime: time }];
  const body = { status: { conditions: [{ lastUpdateTime: time }], pauseConditions } };
  const { values } = patchStatement(target, { type: "merge", body }, { isStatus: true });
  assert.deepEqual([...values], [
    ["/status/conditions", '[{"lastUpdateTime":"(time)"}]'],
    ["/status/pauseConditions", `[{"startTime":"${time}"}]`],
  ]);
});

Deno.test("creations, deletions and evictions are about the object being there", () => {
  const removal = { ...target, kind: "write", verb: "delete", uid: "u", resourceVersion: "7" };
  const statements = [
    statementOf(create(gear("m-1"))),
    statementOf(removal as Parameters<typeof statementOf>[0]),
  ];
  assert.deepEqual(statements.map(({ values, isWhole }) => [...values, isWhole]), [
    [["", "create"], true],
    [["", "delete u"], true],
  ]);
});

Deno.test("valueAt() reads what a statement would say of an object", () => {
  const metadata = { annotations: { "a/b": "2030-01-01T00:00:00Z" } };
  const object = gear("m-1", { metadata, spec: { teeth: 9 } });
  const values = ["/spec/teeth", "/metadata/annotations/a~1b", "/spec/none/deeper"]
    .map((path) => valueAt(object, path));
  assert.deepEqual(values, ["9", '"(time)"', "null"]);
});
