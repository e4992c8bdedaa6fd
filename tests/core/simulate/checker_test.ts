import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../../core/api/names.ts";
import { REPLICA_SETS, SERVICES } from "../../../core/api/resources.ts";
import type { Effect } from "../../../core/engine/mod.ts";
import { checkPass } from "../../../core/simulate/checker.ts";
import { worldOf, type WorldShape } from "../rollout/world.ts";

/** A pass that sets the size of `web-<hash>`. */
function size(hash: string, replicas: number): Effect {
  const body = { metadata: { resourceVersion: "200" }, spec: { replicas } };
  const ref = { namespace: "shop", name: `web-${hash}` };
  return { kind: "write", verb: "patch", type: REPLICA_SETS, ref, patch: { type: "merge", body } };
}

function create(hash: string, replicas: number): Effect {
  const ref = { namespace: "shop", name: `web-${hash}` };
  const object: KubeObject = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: ref,
    spec: { replicas },
  };
  return { kind: "write", verb: "create", type: REPLICA_SETS, ref, object };
}

function remove(hash: string): Effect {
  const ref = { namespace: "shop", name: `web-${hash}` };
  return { kind: "write", verb: "delete", type: REPLICA_SETS, ref, uid: "", resourceVersion: "" };
}

function select(name: string, hash: string): Effect {
  const body = { spec: { selector: { [POD_TEMPLATE_HASH_LABEL]: hash } } };
  const ref = { namespace: "shop", name };
  return { kind: "write", verb: "patch", type: SERVICES, ref, patch: { type: "merge", body } };
}

/** Half way: two of four pods are new; the Service still selects the old ones. */
const HALF: WorldShape = {
  replicas: 4,
  canary: { stableService: "web" },
  stable: { hash: "old", size: 2 },
  next: { hash: "new", size: 2 },
  services: { web: { selects: "old" } },
};

const ROWS: [law: string, world: WorldShape, pass: Effect[], found: RegExp[]][] = [
  ["a pass that writes nothing breaks nothing", HALF, [], []],
  ["sizes inside the fenceposts break nothing", HALF, [size("old", 1), size("new", 4)], []],
  [
    "S6: emptying what the stable Service selects while another set serves",
    { ...HALF, stable: { hash: "old", size: 1 }, next: { hash: "new", size: 3 } },
    [size("old", 0)],
    [/^S6 shop\/web: web-old is emptied while the stable Service selects it$/],
  ],
  [
    "S6: deleting it is emptying it",
    { ...HALF, stable: { hash: "old", size: 1 }, next: { hash: "new", size: 3 } },
    [remove("old")],
    [/^S6 /],
  ],
  [
    "S6: first the pods, then the Service is too late",
    { ...HALF, stable: { hash: "old", size: 1 }, next: { hash: "new", size: 3 } },
    [size("old", 0), select("web", "new")],
    [/^S6 /],
  ],
  [
    "S6 is kept: first the Service, then the pods",
    { ...HALF, stable: { hash: "old", size: 1 }, next: { hash: "new", size: 3 } },
    [select("web", "new"), size("old", 0)],
    [],
  ],
  [
    "S6 is kept: the Service selects another set",
    {
      ...HALF,
      stable: { hash: "old", size: 1 },
      next: { hash: "new", size: 3 },
      services: { web: { selects: "new" } },
    },
    [size("old", 0)],
    [],
  ],
  [
    "S6 is kept: no other set has available pods",
    {
      ...HALF,
      replicas: 1,
      canary: { stableService: "web", maxSurge: 0 },
      stable: { hash: "old", size: 1 },
      next: { hash: "new", size: 0 },
    },
    [size("old", 0), size("new", 1)],
    [],
  ],
  [
    "S7: fewer available pods than maxUnavailable allows",
    HALF,
    [size("old", 0), size("new", 2)],
    [/^S6 /, /^S7 shop\/web: scaling leaves 2 available pods where 3 must stay$/],
  ],
  [
    "S7: pods that are not available do not count",
    { ...HALF, canary: {}, next: { hash: "new", size: 2, available: 0 } },
    [size("old", 1), size("new", 4)],
    [/^S7 shop\/web: scaling leaves 1 available pods where 2 must stay$/],
  ],
  [
    "S7: more pods than maxSurge allows",
    HALF,
    [size("new", 4)],
    [/^S7 shop\/web: scaling wants 6 pods where 5 are allowed$/],
  ],
  [
    "S7: a set that is created counts",
    { ...HALF, next: undefined, templateHash: "new", stable: { hash: "old", size: 4 } },
    [create("new", 2)],
    [/^S7 shop\/web: scaling wants 6 pods where 5 are allowed$/],
  ],
  [
    "S7 is kept: what was beyond the fenceposts already may stay so",
    { ...HALF, replicas: 1 },
    [size("old", 1), size("new", 3)],
    [],
  ],
];

for (const [law, shape, pass, found] of ROWS) {
  Deno.test(law, () => {
    const violations = checkPass(worldOf(shape), pass)
      .map(({ rule, rollout, message }) => `${rule} ${rollout}: ${message}`);
    assert.equal(violations.length, found.length, violations.join("; "));
    for (const [index, pattern] of found.entries()) assert.match(violations[index] ?? "", pattern);
  });
}
