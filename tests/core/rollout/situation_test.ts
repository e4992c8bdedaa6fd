import assert from "node:assert/strict";
import { withState } from "../../../core/rollout/situation.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import { type SetShape, worldOf, type WorldShape } from "./world.ts";

const LOST = { status: { stableRS: "" } };
const OLD: SetShape = { hash: "old", size: 3 };
const NEW: SetShape = { hash: "new", size: 1 };

function stableIn(shape: WorldShape): string {
  const { state, sets } = situationOf(worldOf(shape));
  assert.equal(
    sets.stable?.metadata.labels?.["rollouts-pod-template-hash"] ?? "",
    state.stableHash,
  );
  return state.stableHash;
}

const serving = (selects: string): WorldShape => ({
  ...LOST,
  next: NEW,
  past: [OLD],
  canary: { stableService: "stable" },
  services: { stable: { selects } },
});

Deno.test("a canary that has lost its status has what the stable Service selects for stable", () => {
  assert.equal(stableIn(serving("old")), "old");
});

Deno.test("a blue-green that has lost its status has what the active Service selects for stable", () => {
  const blueGreen = { activeService: "active", previewService: "preview" };
  const services = { active: { selects: "old" }, preview: { selects: "new" } };
  assert.equal(stableIn({ ...LOST, next: NEW, past: [OLD], blueGreen, services }), "old");
});

Deno.test("the present template, a set without pods, or one of others is not stable by a Service", () => {
  assert.equal(stableIn(serving("new")), "");
  assert.equal(stableIn(serving("unknown")), "");
  assert.equal(stableIn({ ...serving("old"), past: [{ ...OLD, size: 0 }] }), "");
  assert.equal(stableIn({ ...serving("old"), services: { stable: {} } }), "");
  assert.equal(stableIn({ ...serving("old"), canary: {} }), "");
});

Deno.test("a status that names a stable set is believed, whatever Services select", () => {
  assert.equal(stableIn({ ...serving("old"), status: { stableRS: "new" } }), "new");
});

Deno.test("a plan is computed when it is first asked for, and once for each state", () => {
  const asked: string[] = [];
  const start = situationOf(worldOf({ next: NEW }));
  const planner: typeof start.planner = (facts) => {
    asked.push(facts.state.currentHash);
    return start.planner(facts);
  };
  const situation = withState({ ...start, planner }, {});
  assert.deepEqual(asked, []);
  assert.equal(situation.plan(), situation.plan());
  assert.deepEqual(asked, ["new"]);
  withState(situation, { currentHash: "other" }).plan();
  assert.deepEqual(asked, ["new", "other"]);
});
