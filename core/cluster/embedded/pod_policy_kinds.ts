import { POD_DISRUPTION_BUDGETS, RESOURCE_QUOTAS } from "../../api/names/resources.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import type { Kind } from "./kind.ts";
import { invalidValue } from "./metadata.ts";
import { podAmountProblem } from "./pod_amount.ts";
import { tidied } from "./pod_template.ts";
import { canonicalQuantity } from "./quantity.ts";
import type { FieldProblem } from "./status_error.ts";

const BUDGET_FIELDS = ["minAvailable", "maxUnavailable", "selector", "unhealthyPodEvictionPolicy"];
const BUDGET_COUNTS = ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"];

/** PodDisruptionBudgets: how many pods may be evicted. */
export const POD_DISRUPTION_BUDGET_KIND: Kind = Object.freeze<Kind>({
  type: POD_DISRUPTION_BUDGETS,
  isCustom: false,
  hasStatus: true,
  generation: "spec",
  selectableFields: {},
  stored: (object) => ({
    spec: only(fieldsOf(tidied(object["spec"])), BUDGET_FIELDS),
    status: { ...noDisruptions(), ...fieldsOf(object["status"]) },
  }),
  firstStatus: noDisruptions,
  problems: budgetProblems,
  unreadable: () => undefined,
});

/** ResourceQuotas; only the number of pods is ever refused for their sake. */
export const RESOURCE_QUOTA_KIND: Kind = Object.freeze<Kind>({
  type: RESOURCE_QUOTAS,
  isCustom: false,
  hasStatus: true,
  generation: "none",
  selectableFields: {},
  stored: (object) => ({
    spec: storedQuota(fieldsOf(object["spec"])),
    status: fieldsOf(object["status"]),
  }),
  firstStatus: () => ({}),
  problems: () => [],
  unreadable(object) {
    const amounts = Object.values(fieldsOf(fieldsOf(object["spec"])["hard"]));
    return amounts.every((amount) => QUANTITY.test(String(amount)))
      ? undefined
      : `quantities must match the regular expression '${QUANTITY.source}'`;
  },
});

const QUANTITY = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

function noDisruptions(): Fields {
  return Object.fromEntries(BUDGET_COUNTS.map((count) => [count, 0]));
}

function only(spec: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(spec).filter(([name]) => names.includes(name)));
}

function storedQuota(spec: Fields): Fields {
  if (spec["hard"] === undefined) return spec;
  const hard = Object.entries(fieldsOf(spec["hard"]))
    .map(([name, amount]) => [name, canonicalQuantity(String(amount))]);
  return { ...spec, hard: Object.fromEntries(hard) };
}

function budgetProblems({ spec: written }: KubeObject): FieldProblem[] {
  const spec = fieldsOf(written);
  const problems: FieldProblem[] = [];
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy = null } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy,
    };
    const message = "minAvailable and maxUnavailable cannot be both set";
    problems.push({ path: "spec", message: invalidValue(shown, message) });
  }
  for (const field of ["minAvailable", "maxUnavailable"]) {
    const message = podAmountProblem(spec[field]);
    if (message !== undefined) problems.push({ path: `spec.${field}`, message });
  }
  return problems;
}
