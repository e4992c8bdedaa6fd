import assert from "node:assert/strict";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { Damping } from "../../../core/engine/damping.ts";
import { patchStatement } from "../../../core/engine/statement.ts";
import type { Patch } from "../../../sdk/wire/write.ts";
import { gear, GEARS, refTo } from "./objects.ts";

const KEY = "ns/m";

/** A gear that a tool and we write in turn. */
class SharedGear {
  readonly #damping = new Damping(new VirtualClock(0));

  /** We write the teeth, which a tool has put back to 8, and so become an owner again. */
  writeTeeth(): void {
    this.#write({ type: "merge", body: { spec: { teeth: 9 } } });
  }

  /** We take our entry out of the owners. */
  giveBack(): void {
    const path = "/metadata/managedFields/1";
    this.#write({
      type: "json",
      body: [
        { op: "test", path: `${path}/manager`, value: "sluice" },
        { op: "test", path: `${path}/time`, value: "2030-01-01T00:00:10Z" },
        { op: "remove", path },
      ],
    });
  }

  #write(patch: Patch): void {
    const statement = patchStatement({ type: GEARS, ref: refTo("m-1") }, patch);
    const grounds = { present: gear("m-1", { spec: { teeth: 8 } }), primary: undefined };
    this.#damping.begin(KEY);
    this.#damping.check(KEY, statement, grounds);
    this.#damping.note(KEY, statement, grounds);
  }
}

Deno.test("what our own write took is given back at once, also within the same second", () => {
  const shared = new SharedGear();
  for (let turn = 0; turn < 3; turn++) {
    shared.writeTeeth();
    shared.giveBack();
  }
  assert.throws(() => shared.writeTeeth(), /written several times and does not last/);
});

Deno.test("an entry that comes back by itself is not taken out without end", () => {
  const shared = new SharedGear();
  shared.writeTeeth();
  for (let turn = 0; turn < 3; turn++) shared.giveBack();
  assert.throws(() => shared.giveBack(), /written several times and does not last/);
});
