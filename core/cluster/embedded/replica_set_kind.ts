import { REPLICA_SETS } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { unreadableNumber } from "./pod_problems.ts";
import type { FieldProblem } from "./status_error.ts";
import { negativeNumbers, storedWorkload, workloadProblems } from "./workload_rules.ts";

const NUMBERS = ["replicas", "minReadySeconds"];

/** ReplicaSets: their templates are stored with the defaults of pods. */
export const REPLICA_SET_KIND: Kind = Object.freeze<Kind>({
  type: REPLICA_SETS,
  isCustom: false,
  hasStatus: true,
  scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
  generation: "spec",
  selectableFields: {},
  stored(object, { before }) {
    const spec = object["spec"];
    const old = before?.["spec"];
    return {
      spec: spec !== undefined && spec === old
        ? spec
        : storedWorkload(fieldsOf(spec), fieldsOf(old)),
      status: storedStatus(fieldsOf(object["status"])),
    };
  },
  firstStatus: () => ({ replicas: 0 }),
  problems: replicaSetProblems,
  unreadable: (object) => unreadableNumber("ReplicaSetSpec", fieldsOf(object["spec"]), NUMBERS),
});

/** Counts of 0 are left out, but for the two that the server always stores. */
function storedStatus(status: Fields): Fields {
  const stored: Fields = { replicas: status["replicas"] ?? 0 };
  for (const count of ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"]) {
    if (status[count]) stored[count] = status[count];
  }
  if (status["terminatingReplicas"] !== undefined && status["terminatingReplicas"] !== null) {
    stored["terminatingReplicas"] = status["terminatingReplicas"];
  }
  if (status["observedGeneration"]) stored["observedGeneration"] = status["observedGeneration"];
  if (Array.isArray(status["conditions"]) && status["conditions"].length > 0) {
    stored["conditions"] = status["conditions"];
  }
  return stored;
}

function replicaSetProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = fieldsOf(object["spec"]);
  if (before !== undefined && spec === before["spec"]) return [];
  return [...negativeNumbers(spec, NUMBERS, "spec"), ...workloadProblems(spec, before)];
}
