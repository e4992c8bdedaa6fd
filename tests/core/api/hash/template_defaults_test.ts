/** Judged by what an API server stores: `tests/fixtures/vectors/validation_oracle`. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";
import { canonicalTemplate } from "../../../../core/api/hash/normalise_template.ts";
import { canonicalQuantity } from "../../../../core/api/values/quantity.ts";
import { templateHash } from "../../../../core/api/hash/template_hash.ts";
import defaultsRows from "../../../fixtures/vectors/pod-template-defaults.json" with {
  type: "json",
};
import fieldRows from "../../../fixtures/vectors/pod-template-fields.json" with { type: "json" };
import { placesOf } from "./template_paths.ts";

interface Defaulted {
  template: PodTemplate;
  defaulted: PodTemplate;
}

interface Field {
  path: string;
  /** The field is there and says nothing: 0, false, "", [], {}. */
  empty: unknown;
  emptyIsAbsent: boolean;
  set: unknown;
  setIsAbsent: boolean;
}

const DEFAULTED = defaultsRows as unknown as Defaulted[];
const FIELDS = fieldRows as Field[];

/**
 * Kubernetes stores these empties as such, but they make no other pods: it refuses them, or does
 * with them as with none.
 */
const EMPTY_SAYS_NOTHING = new Set(
  `
  containers monitors sources nodeSelectorTerms initiatorName fsType kind cachingMode secretRef
  nodePublishSecretRef configMapRef valueFrom fieldRef resourceFieldRef configMapKeyRef
  secretKeyRef fileKeyRef clusterTrustBundle.name signerName volumeClaimTemplate volumeMode
  dataSource dataSourceRef apiGroup namespace livenessProbe readinessProbe startupProbe exec
  httpGet tcpSocket grpc sleep lifecycle preStop postStart stopSignal restartPolicy exitCodes
  recursiveReadOnly mountPropagation containers.[].securityContext procMount
  gmsaCredentialSpecName gmsaCredentialSpec runAsUserName localhostProfile affinity nodeAffinity
  podAffinity podAntiAffinity os dnsConfig runtimeClassName
  nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution preemptionPolicy
  nodeAffinityPolicy nodeTaintsPolicy resourceClaimName resourceClaimTemplateName spec.resources
  hostnameOverride
`.trim().split(/\s+/),
);

Deno.test("a template equals what an API server stores of it", () => {
  assert.ok(DEFAULTED.length >= 200);
  for (const { template, defaulted } of DEFAULTED) {
    assert.equal(canonicalTemplate(template), canonicalTemplate(defaulted));
    assert.equal(templateHash(template), templateHash(defaulted));
  }
});

Deno.test("a template equals itself with any part of what an API server fills in", () => {
  fc.assert(
    fc.property(fc.constantFrom(...DEFAULTED), fc.gen(), ({ template, defaulted }, draw) => {
      const mixed = mixedOf(template, defaulted, () => draw(fc.boolean));
      assert.equal(canonicalTemplate(mixed as PodTemplate), canonicalTemplate(template));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("each field of a pod template counts when it is set, in every kind of container", () => {
  assert.ok(FIELDS.length >= 600);
  for (const { path, empty, set, setIsAbsent } of FIELDS) {
    // The server gives a pod its own time of creation; an object alone is the next test's.
    const isTime = path.endsWith("creationTimestamp");
    if (isTime || setIsAbsent || JSON.stringify(set) === JSON.stringify(empty)) continue;
    for (const each of inEveryKind(path)) {
      assert.notEqual(hashWith(each, set), hashWithout(each), `${each} ${JSON.stringify(set)}`);
    }
  }
});

Deno.test("an empty field of a pod template counts where Kubernetes tells it from none", () => {
  const unused = new Set(EMPTY_SAYS_NOTHING);
  for (const { path, empty, emptyIsAbsent } of FIELDS) {
    const name = namesOf(path).find((each) => EMPTY_SAYS_NOTHING.has(each));
    const isIgnored = emptyIsAbsent || (name !== undefined && isEmptyHolder(empty));
    if (!emptyIsAbsent && name !== undefined) unused.delete(name);
    for (const each of inEveryKind(path)) {
      const says = `${each} ${JSON.stringify(empty)}`;
      if (isIgnored) assert.equal(hashWith(each, empty), hashWithout(each), says);
      else assert.notEqual(hashWith(each, empty), hashWithout(each), says);
    }
  }
  assert.deepEqual([...unused], []);
});

Deno.test("a field that is null says nothing, but in a map of texts", () => {
  for (const { path, set } of FIELDS) {
    if (path.endsWith(".k") && set === "x") {
      assert.equal(hashWith(path, null), hashWith(path, ""), path);
    } else assert.equal(hashWith(path, null), hashWithout(path), path);
  }
});

Deno.test("an amount is written as Kubernetes stores it", () => {
  let seen = 0;
  for (const { template, defaulted } of DEFAULTED) {
    const stored = new Map(amountsOf(defaulted));
    for (const [place, amount] of amountsOf(template)) {
      const text = canonicalQuantity(amount);
      // Finer amounts than thousandths are rounded before they are stored; signs, exponents and bare points
      // stay as they were written.
      if (text === undefined || /[nu]$/.test(text) || /^\+|\.$|e[+-]?\d/i.test(`${amount}`)) {
        continue;
      }
      assert.equal(text, stored.get(place), `${amount}`);
      seen++;
    }
  }
  assert.ok(seen >= 60, `${seen}`);
});

/** Some fields as they are in the one, some as they are in the other. */
function mixedOf(left: unknown, right: unknown, drawsLeft: () => boolean): unknown {
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    return left.map((each, index) => mixedOf(each, right[index], drawsLeft));
  }
  if (!isFields(left) || !isFields(right)) return drawsLeft() ? left : right;
  const mixed: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(right), ...Object.keys(left)])) {
    const value = mixedOf(left[name], right[name], drawsLeft);
    if (value !== undefined) mixed[name] = value;
  }
  return mixed;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmptyHolder(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null);
}

/** The path, its last name, and its last names with the one before. */
function namesOf(path: string): string[] {
  const parts = path.split(".");
  return [1, 2, 3].map((count) => parts.slice(-count).join("."));
}

function inEveryKind(path: string): string[] {
  if (!path.startsWith("spec.containers.")) return [path];
  return ["containers", "initContainers", "ephemeralContainers"].map((kind) =>
    path.replace("containers", kind)
  );
}

function hashWithout(path: string): string {
  const parts = path.split(".");
  const holder = parts.pop() === "[]" ? [] : {};
  return templateHash(around(parts, holder) as PodTemplate);
}

function hashWith(path: string, value: unknown): string {
  return templateHash(around(path.split("."), value) as PodTemplate);
}

function around(parts: readonly string[], value: unknown): unknown {
  const [first, ...rest] = parts;
  if (first === undefined) return value;
  return first === "[]" ? [around(rest, value)] : { [first]: around(rest, value) };
}

function amountsOf(template: PodTemplate): [string, string | number][] {
  return [...placesOf(template)].flatMap(([path, value]): [string, string | number][] => {
    const isAmount = /(overhead|requests|limits)\.[^.]+$/.test(path.join("."));
    if (!isAmount || (typeof value !== "string" && typeof value !== "number")) return [];
    return [[path.join("."), value]];
  });
}
