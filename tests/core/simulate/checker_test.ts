import assert from "node:assert/strict";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../../core/api/names/names.ts";
import { DEPLOYMENTS, REPLICA_SETS, SERVICES } from "../../../core/api/names/resources.ts";
import type { Write } from "../../../core/engine/mod.ts";
import { checkPass } from "../../../core/simulate/checker.ts";
import { deploymentOf, worldOf, type WorldShape } from "../rollout/world.ts";

/** A pass that sets the size of `web-<hash>`. */
function size(hash: string, replicas: number): Write {
  const body = { spec: { replicas } };
  const ref = { namespace: "shop", name: `web-${hash}` };
  return { kind: "write", verb: "patch", type: REPLICA_SETS, ref, patch: { type: "merge", body } };
}

function create(hash: string, replicas: number): Write {
  const ref = { namespace: "shop", name: `web-${hash}` };
  const object: KubeObject = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: ref,
    spec: { replicas },
  };
  return { kind: "write", verb: "create", type: REPLICA_SETS, ref, object };
}

function remove(hash: string): Write {
  const ref = { namespace: "shop", name: `web-${hash}` };
  return { kind: "write", verb: "delete", type: REPLICA_SETS, ref, uid: "", resourceVersion: "" };
}

function select(name: string, hash: string): Write {
  const body = { spec: { selector: { [POD_TEMPLATE_HASH_LABEL]: hash } } };
  const ref = { namespace: "shop", name };
  return { kind: "write", verb: "patch", type: SERVICES, ref, patch: { type: "merge", body } };
}

/** A pass that leaves this many pods to the Deployment. */
function keep(replicas: number): Write {
  const ref = { namespace: "shop", name: "base" };
  const patch = { type: "merge" as const, body: { spec: { replicas } } };
  return { kind: "write", verb: "patch", type: DEPLOYMENTS, ref, patch };
}

/** Half way: two of four pods are new; the Service still selects the old ones. */
const HALF: WorldShape = {
  replicas: 4,
  canary: { stableService: "web" },
  stable: { hash: "old", size: 2 },
  next: { hash: "new", size: 2 },
  services: { web: { selects: "old" } },
};

const ROWS: [law: string, world: WorldShape, pass: Write[], found: RegExp[]][] = [
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

/** Both colours are whole; users are still with the old one. */
const BOTH: WorldShape = {
  replicas: 4,
  blueGreen: { activeService: "web", previewService: "next" },
  stable: { hash: "old", size: 4 },
  next: { hash: "new", size: 4 },
  services: { web: { selects: "old" }, next: { selects: "new" } },
};

const BLUE_GREEN_ROWS: typeof ROWS = [
  ["a blue-green may have all pods twice", { ...BOTH, next: { hash: "new", size: 0 } }, [
    size("new", 4),
  ], []],
  ["S6: emptying what the active Service selects while another set serves", BOTH, [
    size("old", 0),
  ], [
    /^S6 shop\/web: web-old is emptied while the active Service selects it$/,
    /^S7 shop\/web: scaling leaves 0 available pods to users where 4 must stay$/,
  ]],
  ["S6: the preview Service is not the active one", BOTH, [size("new", 0)], []],
  [
    "S6: the active Service goes to a set that lacks a pod while its own lacks none",
    { ...BOTH, next: { hash: "new", size: 4, available: 3 } },
    [select("web", "new")],
    [/^S6 shop\/web: the active Service leaves web-old, .* for web-new with 3 of 4$/],
  ],
  [
    "S6: the active Service goes to a set that is not there",
    BOTH,
    [select("web", "other")],
    [/^S6 shop\/web: the active Service leaves web-old, .* for no set with 0 of 4$/],
  ],
  ["S6 is kept: the active Service goes to a whole set", BOTH, [select("web", "new")], []],
  [
    "S6 is kept: the set that it leaves lacks pods as well",
    {
      ...BOTH,
      stable: { hash: "old", size: 4, available: 3 },
      next: { hash: "new", size: 4, available: 3 },
    },
    [select("web", "new")],
    [],
  ],
  [
    "S7: the set that serves users shrinks below the wanted pods",
    BOTH,
    [size("old", 3)],
    [/^S7 shop\/web: scaling leaves 3 available pods to users where 4 must stay$/],
  ],
  [
    "S7 is kept: fewer pods are wanted",
    { ...BOTH, replicas: 2 },
    [size("old", 2), size("new", 2)],
    [],
  ],
  [
    "S7: a set grows beyond the wanted pods",
    BOTH,
    [size("new", 5)],
    [/^S7 shop\/web: web-new grows from 4 to 5 pods where 4 are allowed$/],
  ],
  [
    "S7: a set that is neither stable nor the newest grows",
    { ...BOTH, past: [{ hash: "past", size: 1 }] },
    [size("past", 4)],
    [/^S7 shop\/web: web-past grows from 1 to 4 pods where 1 are allowed$/],
  ],
];

/** Two of four pods have taken the place of a Deployment's, which has three left. */
const HANDING_OVER: WorldShape = {
  replicas: 4,
  next: { hash: "new", size: 4, available: 2 },
  workload: deploymentOf({ size: 3 }),
};

const DEPLOYMENT_ROWS: typeof ROWS = [
  ["S7 is kept: a Deployment gives up the pods that were replaced", HANDING_OVER, [keep(2)], []],
  [
    "S7: it gives up one more",
    HANDING_OVER,
    [keep(1)],
    [/^S7 shop\/web: Deployment base keeps 1 pods beside 2 available ones .* where 4 must stay$/],
  ],
  [
    "S7 is kept: there were fewer pods before",
    { ...HANDING_OVER, workload: deploymentOf({ size: 1 }) },
    [keep(1)],
    [],
  ],
];

for (const [law, shape, pass, found] of [...ROWS, ...BLUE_GREEN_ROWS, ...DEPLOYMENT_ROWS]) {
  Deno.test(law, () => {
    const violations = checkPass(worldOf(shape), pass)
      .map(({ rule, rollout, message }) => `${rule} ${rollout}: ${message}`);
    assert.equal(violations.length, found.length, violations.join("; "));
    for (const [index, pattern] of found.entries()) assert.match(violations[index] ?? "", pattern);
  });
}
