import assert from "node:assert/strict";
import { antiAffinityTerm, withInjectedTerm } from "../../../core/sets/anti_affinity.ts";
import type { AntiAffinity } from "../../../sdk/api/rollout.ts";

const TERM = {
  labelSelector: {
    matchExpressions: [{
      key: "rollouts-pod-template-hash",
      operator: "In",
      values: ["aaa"],
    }],
  },
  namespaces: ["shop"],
  topologyKey: "kubernetes.io/hostname",
};
const PREFERRED = { weight: 5, podAffinityTerm: TERM };
const OWN = { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "zone" };

function termFor(wanted: AntiAffinity | undefined) {
  return antiAffinityTerm(wanted, { avoidedHash: "aaa", namespace: "shop" });
}

Deno.test("pods keep away from the nodes of another set, if that is asked for", () => {
  assert.deepEqual(termFor({ requiredDuringSchedulingIgnoredDuringExecution: {} }), {
    list: "requiredDuringSchedulingIgnoredDuringExecution",
    term: TERM,
  });
  assert.deepEqual(termFor({ preferredDuringSchedulingIgnoredDuringExecution: { weight: 5 } }), {
    list: "preferredDuringSchedulingIgnoredDuringExecution",
    term: PREFERRED,
  });
  assert.equal(termFor(undefined), undefined);
  assert.equal(termFor({}), undefined);
});

Deno.test("a pod spec holds one injected term at most, beside the user's own", () => {
  const required = { list: "requiredDuringSchedulingIgnoredDuringExecution", term: TERM } as const;
  const preferred = {
    list: "preferredDuringSchedulingIgnoredDuringExecution",
    term: PREFERRED,
  } as const;
  const spec = {
    containers: [],
    affinity: {
      nodeAffinity: { x: 1 },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [OWN] },
    },
  };
  const both = withInjectedTerm(spec, required);
  assert.deepEqual(both, {
    containers: [],
    affinity: {
      nodeAffinity: { x: 1 },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [OWN, TERM] },
    },
  });
  assert.deepEqual(withInjectedTerm(both, required), both);
  assert.deepEqual(withInjectedTerm(both, preferred).affinity, {
    nodeAffinity: { x: 1 },
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [OWN],
      preferredDuringSchedulingIgnoredDuringExecution: [PREFERRED],
    },
  });
  assert.deepEqual(withInjectedTerm(both, undefined), spec);
  assert.deepEqual(withInjectedTerm(withInjectedTerm({ containers: [] }, preferred), undefined), {
    containers: [],
  });
});
