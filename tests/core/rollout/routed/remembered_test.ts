import assert from "node:assert/strict";
import { Remembered } from "../../../../core/rollout/routed/remembered.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import type { Rollout } from "../../../../sdk/api/rollout.ts";
import type { ObjectReader } from "../../../../sdk/traffic_router.ts";

const type = { group: "mesh.example", kind: "Route" };

function route(): KubeObject {
  return { apiVersion: "mesh.example/v1", kind: "Route", metadata: { name: "web" } };
}

/** Reads the one object that there is. */
function readerOf(object: KubeObject | undefined): ObjectReader {
  return { find: () => object, select: () => object === undefined ? [] : [object] };
}

Deno.test("Remembered keeps an answer for a Rollout until an object is another one", () => {
  const remembered = new Remembered<KubeObject | undefined>();
  const [rollout, other] = [{} as Rollout, {} as Rollout];
  const asked: (KubeObject | undefined)[] = [];
  const ask = (whose: Rollout, object: KubeObject | undefined) =>
    remembered.of(whose, readerOf(object), (reader) => {
      asked.push(object);
      return reader.find({ type, name: "web" });
    });
  const [one, two] = [route(), route()];
  for (const object of [undefined, undefined, one, one, two, undefined]) {
    assert.equal(ask(rollout, object), object);
  }
  assert.deepEqual(asked, [undefined, one, two, undefined]);
  assert.equal(ask(other, one), one);
  assert.equal(asked.length, 5);
});

Deno.test("Remembered finds out anew what was selected by labels", () => {
  const remembered = new Remembered<number>();
  const rollout = {} as Rollout;
  let count = 0;
  const ask = () =>
    remembered.of(rollout, readerOf(undefined), (objects) => {
      objects.select({ type, selector: {} });
      return ++count;
    });
  assert.deepEqual([ask(), ask()], [1, 2]);
});
