import { DEPLOYMENTS } from "../../../api/names/resources.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../../../sdk/wire/json.ts";
import type { Kind } from "../kind.ts";
import { invalidValue, jsonTypeOf } from "../metadata.ts";
import { podAmountProblem } from "../pod_amount.ts";
import { unreadableNumber } from "../pod_problems.ts";
import type { FieldProblem } from "../status_error.ts";
import { negativeNumbers, storedWorkload, workloadProblems } from "../workload_rules.ts";

const NUMBERS = ["replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"];
const COUNTS = [
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
  "unavailableReplicas",
];
/** Counts that are stored also when they are 0. */
const STATED_COUNTS = ["terminatingReplicas", "collisionCount"];
const STRATEGY = "spec.strategy";

/** Deployments. */
export const DEPLOYMENT_KIND: Kind = Object.freeze<Kind>({
  type: DEPLOYMENTS,
  isCustom: false,
  hasStatus: true,
  scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
  generation: "spec",
  countsAnnotations: true,
  selectableFields: {},
  stored(object, { before }) {
    const spec = object["spec"];
    const old = before?.["spec"];
    return {
      spec: spec !== undefined && spec === old ? spec : storedSpec(fieldsOf(spec), fieldsOf(old)),
      status: storedStatus(fieldsOf(object["status"])),
    };
  },
  firstStatus: () => ({}),
  problems: (object, before) => [
    ...specProblems(object, before),
    ...statusProblems(object["status"], before?.["status"]),
  ],
  unreadable(object) {
    const spec = fieldsOf(object["spec"]);
    return unreadableNumber("DeploymentSpec", spec, NUMBERS) ??
      unreadableField(spec, { name: "paused", type: "bool", isReadable: isBoolean }) ??
      unreadableField(spec, {
        name: "strategy",
        type: "v1.DeploymentStrategy",
        isReadable: isFields,
      });
  },
});

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function unreadableField(
  spec: Fields,
  { name, type, isReadable }: {
    readonly name: string;
    readonly type: string;
    readonly isReadable: (value: unknown) => boolean;
  },
): string | undefined {
  const value = spec[name];
  if (value === undefined || value === null || isReadable(value)) return undefined;
  return `cannot unmarshal ${jsonTypeOf(value)} into Go struct field DeploymentSpec.spec.${name} ` +
    `of type ${type}`;
}

function storedSpec(spec: Fields, old: Fields): Fields {
  return {
    ...storedWorkload(spec, old),
    strategy: storedStrategy(fieldsOf(spec["strategy"])),
    revisionHistoryLimit: spec["revisionHistoryLimit"] ?? 10,
    progressDeadlineSeconds: spec["progressDeadlineSeconds"] ?? 600,
    ...(spec["paused"] === true && { paused: true }),
  };
}

function storedStrategy(strategy: Fields): Fields {
  const type = strategy["type"] || "RollingUpdate";
  const rollingUpdate = strategy["rollingUpdate"];
  if (type !== "RollingUpdate") return isFields(rollingUpdate) ? { type, rollingUpdate } : { type };
  const { maxSurge, maxUnavailable } = fieldsOf(rollingUpdate);
  return {
    type,
    rollingUpdate: { maxSurge: maxSurge ?? "25%", maxUnavailable: maxUnavailable ?? "25%" },
  };
}

function storedStatus(status: Fields): Fields {
  const stored: Fields = {};
  for (const count of COUNTS) {
    if (status[count]) stored[count] = status[count];
  }
  for (const count of STATED_COUNTS) {
    if (typeof status[count] === "number") stored[count] = status[count];
  }
  const conditions = listOf(status["conditions"]);
  return conditions.length === 0 ? stored : { ...stored, conditions };
}

function specProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = fieldsOf(object["spec"]);
  if (before !== undefined && spec === before["spec"]) return [];
  const problems = [
    ...workloadProblems(spec, before),
    ...strategyProblems(fieldsOf(spec["strategy"])),
    ...negativeNumbers(spec, NUMBERS, "spec"),
  ];
  const deadline = Number(spec["progressDeadlineSeconds"]);
  if (deadline <= Number(spec["minReadySeconds"] ?? 0)) {
    const message = invalidValue(deadline, "must be greater than minReadySeconds");
    problems.push({ path: "spec.progressDeadlineSeconds", message });
  }
  return problems;
}

function strategyProblems({ type, rollingUpdate }: Fields): FieldProblem[] {
  const path = `${STRATEGY}.rollingUpdate`;
  if (type === "Recreate") {
    const message = "Forbidden: may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [{ path, message }];
  }
  if (type !== "RollingUpdate") {
    const shown = JSON.stringify({ Type: type, RollingUpdate: rollingUpdate ?? null });
    const message = `Unsupported value: ${shown}: supported values: "Recreate", "RollingUpdate"`;
    return [{ path: STRATEGY, message }];
  }
  const { maxSurge, maxUnavailable } = fieldsOf(rollingUpdate);
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries({ maxUnavailable, maxSurge })) {
    const problem = podAmountProblem(value);
    if (problem !== undefined) problems.push({ path: `${path}.${name}`, message: problem });
  }
  if (isNone(maxUnavailable) && isNone(maxSurge)) {
    const message = invalidValue(maxUnavailable, "may not be 0 when `maxSurge` is 0");
    problems.push({ path: `${path}.maxUnavailable`, message });
  }
  if (typeof maxUnavailable === "string" && Number.parseInt(maxUnavailable) > 100) {
    const message = invalidValue(maxUnavailable, "must not be greater than 100%");
    problems.push({ path: `${path}.maxUnavailable`, message });
  }
  return problems;
}

function isNone(amount: unknown): boolean {
  return amount === 0 || amount === "0%";
}

function statusProblems(written: unknown, before: unknown): FieldProblem[] {
  if (written === before) return [];
  const status = fieldsOf(written);
  const problems = negativeNumbers(status, [...COUNTS, ...STATED_COUNTS], "status");
  const countOf = (name: string) => Number(status[name] ?? 0);
  const atMost = (name: string, limit: string, shown: string) => {
    if (countOf(name) <= countOf(limit)) return;
    const message = invalidValue(countOf(name), `cannot be greater than ${shown}`);
    problems.push({ path: `status.${name}`, message });
  };
  for (const part of ["updatedReplicas", "readyReplicas", "availableReplicas"]) {
    atMost(part, "replicas", "status.replicas");
  }
  atMost("availableReplicas", "readyReplicas", "readyReplicas");
  return problems;
}
