import assert from "node:assert/strict";
import { SERVICES } from "../../../../core/api/names/resources.ts";
import { FencedCluster } from "../../../../core/controller/leadership/mod.ts";
import type { Cluster, WriteGuard } from "../../../../core/ports/mod.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";

const OBJECT: KubeObject = { apiVersion: "v1", kind: "Service", metadata: { name: "web" } };
const REF = { namespace: "default", name: "web" };

/** A cluster whose writes leave when the test says so, and ask their guard then. */
class Outbound {
  readonly left: string[] = [];
  readonly #waiting: (() => void)[] = [];

  leave(): void {
    for (const leave of this.#waiting.splice(0)) leave();
  }

  readonly cluster = {
    get: () => Promise.resolve(OBJECT),
    list: () => Promise.resolve({ items: [], resourceVersion: "1" }),
    watch: () => ({ stop() {} }),
    create: (_type, _object, options) => this.#send("create", options),
    update: (_type, _object, options) => this.#send("update", options),
    patch: (_type, _ref, _patch, options) => this.#send("patch", options),
    delete: (_type, _ref, options) => this.#send("delete", options),
  } satisfies Cluster as Cluster;

  #send(verb: string, { guard }: { readonly guard?: WriteGuard } = {}): Promise<KubeObject> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          guard?.();
        } catch (error) {
          return reject(error);
        }
        this.left.push(verb);
        resolve(OBJECT);
      });
    });
  }
}

class World {
  term: number | undefined = 1;
  readonly outbound = new Outbound();
  readonly fenced = new FencedCluster(this.outbound.cluster, {
    term: () => this.term,
    onChange() {},
  });

  writeAll(guard?: WriteGuard): Promise<string[]> {
    const options = guard === undefined ? {} : { guard };
    const writes = [
      this.fenced.create(SERVICES, OBJECT, options),
      this.fenced.update(SERVICES, OBJECT, options),
      this.fenced.patch(SERVICES, REF, { type: "merge", body: {} }, options),
      this.fenced.delete(SERVICES, REF, options),
    ];
    return Promise.all(writes.map((write) => write.then(() => "written", nameOf)));
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

Deno.test("a write leaves only in the term in which it was asked for", async () => {
  const rows: [asked: number | undefined, leaves: number | undefined, outcome: string][] = [
    [1, 1, "written"],
    [1, undefined, "OutdatedError"],
    [1, 2, "OutdatedError"],
    [undefined, undefined, "OutdatedError"],
    [undefined, 1, "OutdatedError"],
  ];
  for (const [asked, leaves, outcome] of rows) {
    const world = new World();
    world.term = asked;
    const outcomes = world.writeAll();
    world.term = leaves;
    world.outbound.leave();
    assert.deepEqual(await outcomes, Array(4).fill(outcome), `${asked}, ${leaves}`);
    assert.equal(world.outbound.left.length, outcome === "written" ? 4 : 0);
  }
});

Deno.test("the guard that a write brings is asked as well", async () => {
  const world = new World();
  const outcomes = world.writeAll(() => {
    throw new RangeError("not now");
  });
  world.outbound.leave();
  assert.deepEqual(await outcomes, Array(4).fill("RangeError"));
  assert.deepEqual(world.outbound.left, []);
});

Deno.test("it is known how many writes are under way", async () => {
  const world = new World();
  const outcomes = world.writeAll();
  assert.equal(world.fenced.writing, 4);
  world.outbound.leave();
  await outcomes;
  assert.equal(world.fenced.writing, 0);
});

Deno.test("who does not lead reads as ever", async () => {
  const world = new World();
  world.term = undefined;
  assert.equal(await world.fenced.get(SERVICES, REF), OBJECT);
  assert.equal((await world.fenced.list(SERVICES)).resourceVersion, "1");
});
