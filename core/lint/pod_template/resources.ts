/** What containers ask for and are held to. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import {
  type Fields,
  fieldsOf,
  isFields,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { quantityNanos } from "../../api/values/quantity.ts";
import { mustBe, quantity, type Report } from "./check.ts";
import { label, qualifiedName } from "./formats.ts";

const STANDARD = ["cpu", "memory", "ephemeral-storage"];
const NANOS = 1_000_000_000n;

/** The resources of a container; claims are those that the pod has. */
export function containerResources(
  resources: unknown,
  at: FieldLocation,
  { report, claims }: { report: Report; claims: ReadonlySet<string> },
): void {
  if (isUnset(resources)) return;
  const { limits, requests, claims: used } = fieldsOf(resources);
  amounts(limits, [...at, "limits"], report);
  amounts(requests, [...at, "requests"], report);
  for (const name of new Set([...namesOf(requests), ...namesOf(limits)])) {
    if (isOvercommitted(name)) continue;
    notOvercommitted(name, { limits, requests, at, report });
  }
  hugePagesNeedMore(fieldsOf(resources), at, report);
  claimsAreThere(listOf(used), [...at, "claims"], { report, claims });
}

function amounts(value: unknown, at: FieldLocation, report: Report): void {
  if (!isUnset(value) && !isFields(value)) return report(at, mustBe("an object", value));
  for (const [name, amount] of Object.entries(fieldsOf(value))) {
    const place = [...at, name];
    const problem = resourceProblem(name);
    if (problem !== undefined) report(place, problem);
    if (isUnset(amount)) continue;
    quantity(0)(amount, place, report);
    const nanos = nanosOf(amount);
    const size = nanosOf(/^hugepages-(.+)$/.exec(name)?.[1]);
    if (
      nanos !== undefined && size !== undefined && size > 0n && (nanos < 0n || nanos % size !== 0n)
    ) {
      report(place, `must be a multiple of ${name.slice("hugepages-".length)}, but is ${amount}`);
    }
    if (!isScalar(name)) continue;
    if (nanos !== undefined && nanos % NANOS !== 0n) {
      report(place, mustBe("a whole number", amount));
    }
  }
}

/** What a container may have besides: devices of others under their domain, and large pages. */
function resourceProblem(name: string): string | undefined {
  const problem = qualifiedName(name);
  if (problem !== undefined) return problem;
  if (name.includes("/")) {
    return isExtended(name) || isNative(name) ? undefined : "is not a resource of a container";
  }
  if (STANDARD.includes(name) || name.startsWith("hugepages-")) return undefined;
  return `must be one of ${STANDARD.join(", ")}, hugepages-SIZE, or a name such as example.com/gpu`;
}

function isNative(name: string): boolean {
  return /(?:^|\.)kubernetes\.io\//.test(name);
}

/** Devices of others can be limited only if their name is valid with `requests.` before it. */
function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith("requests.") &&
    qualifiedName(`requests.${name}`) === undefined;
}

function isScalar(name: string): boolean {
  return name.includes("/") && isExtended(name);
}

/** Of these a node may promise more than it has. */
function isOvercommitted(name: string): boolean {
  return !name.startsWith("hugepages-") && !isScalar(name);
}

function notOvercommitted(
  name: string,
  { limits, requests, at, report }: {
    limits: unknown;
    requests: unknown;
    at: FieldLocation;
    report: Report;
  },
): void {
  const [limit, request] = [limits, requests].map((each) => nanosOf(fieldsOf(each)[name]));
  if (isUnset(fieldsOf(limits)[name])) {
    report([...at, "limits"], `must have ${name}, as there is a request for it`);
  } else if (limit !== undefined && request !== undefined && limit !== request) {
    report([...at, "requests", name], `must be the limit of ${name}`);
  }
}

function hugePagesNeedMore({ limits, requests }: Fields, at: FieldLocation, report: Report): void {
  const names = [...namesOf(limits), ...namesOf(requests)];
  if (!names.some((name) => name.startsWith("hugepages-"))) return;
  if (names.includes("cpu") || names.includes("memory")) return;
  report(at, "must have cpu or memory beside large pages");
}

function claimsAreThere(
  used: readonly unknown[],
  at: FieldLocation,
  { report, claims }: { report: Report; claims: ReadonlySet<string> },
): void {
  const seen = new Set<string>();
  used.forEach((claim, index) => {
    const { name, request } = fieldsOf(claim);
    const key = textOf(name);
    const place = [...at, index];
    if (key === "") return report([...place, "name"], "is required");
    if (!claims.has(key)) {
      report(place, `is none of the pod's resourceClaims: ${JSON.stringify(key)}`);
    }
    const problem = textOf(request) === "" ? undefined : label(textOf(request));
    if (problem !== undefined) report([...place, "request"], problem);
    const full = textOf(request) === "" ? key : `${key}/${textOf(request)}`;
    if (seen.has(full)) report(place, `appears twice: ${JSON.stringify(full)}`);
    if (full !== key && seen.has(key)) {
      report(place, `is a part of what stands before it: ${JSON.stringify(key)}`);
    }
    seen.add(full);
  });
}

function namesOf(amountsOf: unknown): string[] {
  return Object.entries(fieldsOf(amountsOf)).filter(([, value]) => !isUnset(value)).map(([name]) =>
    name
  );
}

function nanosOf(amount: unknown): bigint | undefined {
  return typeof amount === "string" || typeof amount === "number"
    ? quantityNanos(amount)
    : undefined;
}

/** What all containers of a pod share: at least what they ask for one by one. */
export function podResources(spec: Fields, at: FieldLocation, report: Report): void {
  const resources = spec["resources"];
  if (isUnset(resources)) return;
  const { limits, requests, claims } = fieldsOf(resources);
  if (listOf(claims).length > 0) report([...at, "claims"], "must not be set for a pod as a whole");
  for (const kind of ["limits", "requests"]) {
    for (const [name, amount] of Object.entries(fieldsOf(fieldsOf(resources)[kind]))) {
      if (!["cpu", "memory"].includes(name) && !name.startsWith("hugepages-")) {
        report([...at, kind, name], "must be cpu, memory or hugepages-SIZE for a pod as a whole");
      } else if (!isUnset(amount)) quantity(0)(amount, [...at, kind, name], report);
    }
  }
  hugePagesNeedMore(fieldsOf(resources), at, report);
  for (const name of namesOf(requests)) {
    const [request, limit] = [requests, limits].map((each) => nanosOf(fieldsOf(each)[name]));
    if (request === undefined) continue;
    if (limit !== undefined && request > limit) {
      report([...at, "requests", name], "must not be more than the limit");
    }
    if (sumOfRequests(spec, name) > request) {
      report([...at, "requests", name], "must not be less than the containers ask for together");
    }
  }
  for (const name of namesOf(limits)) {
    const limit = nanosOf(fieldsOf(limits)[name]);
    listOf(spec["containers"]).forEach((container, index) => {
      const own = nanosOf(fieldsOf(fieldsOf(fieldsOf(container)["resources"])["limits"])[name]);
      if (own === undefined || limit === undefined || own <= limit) return;
      report(
        [...at.slice(0, -1), "containers", index, "resources", "limits", name],
        "must not be more than the limit of the pod",
      );
    });
  }
}

function sumOfRequests(spec: Fields, name: string): bigint {
  return listOf(spec["containers"]).reduce<bigint>((sum, container) => {
    const { requests, limits } = fieldsOf(fieldsOf(container)["resources"]);
    // What is limited and not asked for is asked for up to the limit.
    const amount = nanosOf(fieldsOf(requests)[name]) ?? nanosOf(fieldsOf(limits)[name]);
    return sum + (amount ?? 0n);
  }, 0n);
}
