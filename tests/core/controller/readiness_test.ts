import assert from "node:assert/strict";
import { EXPERIMENTS, ROLLOUTS, SERVICES } from "../../../core/api/names/resources.ts";
import type { CacheSight } from "../../../core/engine/mod.ts";
import {
  type ControllerSight,
  readinessJson,
  readinessOf,
  readinessText,
} from "../../../core/controller/readiness.ts";
import { ApiError, UnreachableError } from "../../../core/ports/mod.ts";

const SINCE_MS = Date.parse("2030-01-01T00:00:00Z");

function cache(change: Partial<CacheSight>): CacheSight {
  return { type: ROLLOUTS, isStanding: true, state: "filled", trouble: undefined, ...change };
}

function trouble(error: unknown): CacheSight["trouble"] {
  return { error, sinceMs: SINCE_MS };
}

function refusal(code: number, message: string): CacheSight["trouble"] {
  return trouble(new ApiError({ code, reason: "", message }));
}

const refused = new UnreachableError('Cannot list services: "https://x" does not answer: refused');
const outage = { sinceMs: SINCE_MS, why: refused.message };

const ROWS: [what: string, sight: Partial<ControllerSight>, text: string][] = [
  ["all is filled", { caches: [cache({})] }, "ready\n"],
  [
    "nothing was listed yet",
    { caches: [cache({ state: "loading" }), cache({ type: SERVICES })] },
    "not ready\nwaiting for rollouts.argoproj.io: it has not been listed yet\n",
  ],
  [
    "the API server does not answer",
    { outage, caches: [cache({ type: SERVICES, state: "loading", trouble: trouble(refused) })] },
    'not ready\nwaiting for API server since 2030-01-01T00:00:00Z: Cannot list services: "https://x" ' +
    "does not answer: refused\n" +
    "waiting for services since 2030-01-01T00:00:00Z: it has not been listed yet\n",
  ],
  [
    "a kind may not be listed",
    { caches: [cache({ state: "loading", trouble: refusal(403, "alice\n may not") })] },
    "not ready\nwaiting for rollouts.argoproj.io since 2030-01-01T00:00:00Z: " +
    "the controller may not list it: alice may not\n",
  ],
  [
    "the kind is not installed",
    { caches: [cache({ state: "loading", trouble: refusal(404, "page not found") })] },
    "not ready\nwaiting for rollouts.argoproj.io since 2030-01-01T00:00:00Z: " +
    "the cluster does not know this kind: page not found\n",
  ],
  [
    "a token is good no more",
    { caches: [cache({ trouble: refusal(401, "Unauthorized") })] },
    "not ready\nwaiting for rollouts.argoproj.io since 2030-01-01T00:00:00Z: " +
    "the API server does not accept who we are: Unauthorized\n",
  ],
  [
    "a permission was taken away after the start",
    { caches: [cache({ trouble: refusal(403, "may not watch") })] },
    "not ready\nwaiting for rollouts.argoproj.io since 2030-01-01T00:00:00Z: " +
    "the controller may not list it: may not watch\n",
  ],
  [
    "a watch of a filled cache begins anew",
    { caches: [cache({ trouble: refusal(500, "etcd") }), cache({ trouble: trouble(refused) })] },
    "ready\n",
  ],
  [
    "a kind is missing that need not be there",
    {
      caches: [
        cache({}),
        cache({
          type: EXPERIMENTS,
          isStanding: false,
          state: "missing",
          trouble: refusal(404, "page not found"),
        }),
      ],
    },
    "ready\ngoing on without experiments.argoproj.io since 2030-01-01T00:00:00Z: " +
    "the cluster does not know this kind: page not found\n",
  ],
  [
    "another leads",
    { caches: [cache({})], standingBy: "web-1 leads" },
    "ready\nstanding by: web-1 leads\n",
  ],
  [
    "the Lease cannot be read",
    {
      caches: [cache({})],
      standingBy: "nobody leads yet",
      leadershipTrouble: 'Cannot get leadership: namespaces "argo" not found; create it',
    },
    "not ready\nstanding by: nobody leads yet\n" +
    'waiting for leadership: Cannot get leadership: namespaces "argo" not found; create it\n',
  ],
  [
    "it is being stopped",
    { isStopping: true, caches: [cache({})] },
    "not ready\nwaiting for shutdown: the controller is stopping\n",
  ],
];

for (const [what, sight, text] of ROWS) {
  Deno.test(`readiness when ${what}`, () => {
    const readiness = readinessOf({ isStopping: false, caches: [], ...sight });
    assert.equal(readinessText(readiness), text);
    assert.equal(readiness.isReady, text.startsWith("ready"));
  });
}

Deno.test("readiness as JSON", () => {
  const caches = [cache({ state: "loading", trouble: refusal(403, "no") })];
  assert.deepEqual(JSON.parse(readinessJson(readinessOf({ isStopping: false, caches }))), {
    ready: false,
    waitingFor: [{
      what: "rollouts.argoproj.io",
      why: "the controller may not list it: no",
      since: "2030-01-01T00:00:00Z",
    }],
    goingOnWithout: [],
  });
});
