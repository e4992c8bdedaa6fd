/** Rules about objects that get in one another's way. */
import type { LabelSelector } from "../../../sdk/api/rollout.ts";
import { canonicalJson } from "../../api/hash/canonical_json.ts";
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../api/names/names.ts";
import { fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import { SERVICE } from "../../api/validation/references.ts";
import { referencedServices } from "../../api/validation/validate_services.ts";
import { isEmptySelector, selectorMatches } from "../../api/validation/validate_selector.ts";
import type { Spot } from "../finding.ts";
import type { LintWorld, RolloutSubject } from "../rollout_subject.ts";
import type { CheckedRule } from "../rule.ts";
import {
  folderOf,
  groupOf,
  type LintDocument,
  nameOf,
  namespaceOf,
  neighbourhoodOf,
} from "../world.ts";

/** Rules about several objects. */
export const NEIGHBOUR_RULES: readonly CheckedRule[] = [
  {
    name: "object-twice",
    severity: "warning",
    reports: "An object appears twice in one file or folder.",
    why: "Only the last one is there in the end.",
    check: objectTwice,
  },
  {
    name: "shared-service",
    severity: "warning",
    reports: "Two Rollouts steer the same Service.",
    why: "Only one of them can: the other one stops with InvalidSpec.",
    check: sharedService,
  },
  {
    name: "shared-selector",
    severity: "warning",
    reports: "Two Rollouts of a namespace, or a Rollout and a Deployment, have the same selector.",
    why: "Whatever selects the pods of one (a Service, a budget, an autoscaler) gets the other's.",
    check: sharedSelector,
  },
  {
    name: "external-service",
    severity: "error",
    reports: "A Service that a Rollout steers is of type ExternalName.",
    why: "Such a Service selects no pods: users never get to those of the Rollout.",
    check: externalService,
  },
  {
    name: "service-beyond-selector",
    severity: "warning",
    reports:
      "A Service that a Rollout steers selects by a label that spec.selector does not ask for.",
    why: "An update that changes the label leaves the Service without pods until it is through.",
    check: serviceBeyondSelector,
  },
  {
    name: "restart-blocked",
    severity: "warning",
    reports: "restartAt is set, but a PodDisruptionBudget forbids every eviction.",
    why: "The restart never gets past the first pod.",
    check: restartBlocked,
  },
];

function objectTwice({ documents }: LintWorld): Spot<LintDocument>[] {
  const seen = new Map<string, LintDocument>();
  return documents.flatMap((document) => {
    const { object, file } = document;
    if (nameOf(object) === "") return [];
    const what = `${object.kind} ${JSON.stringify(nameOf(object))}`;
    const key = [folderOf(file), groupOf(object), namespaceOf(object), what].join("\n");
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, document);
      return [];
    }
    const { line } = first.position([]);
    const place = first.file === file ? `line ${line}` : `${first.file}:${line}`;
    const text = `${what} stands in ${place} already; the last one counts`;
    return [{ document, location: ["metadata", "name"], text }];
  });
}

/** Something that only one Rollout of a namespace should have. */
interface Claim {
  readonly key: string;
  readonly at: FieldLocation;
  readonly text: string;
}

/** What a Rollout claims that another one claimed before; the same name is the same Rollout. */
function claimedTwice(
  rollouts: readonly RolloutSubject[],
  claimsOf: (subject: RolloutSubject) => Claim[],
): Spot<LintDocument>[] {
  const owners = new Map<string, string>();
  return rollouts.flatMap((subject) => {
    const { document } = subject;
    const name = nameOf(document.object);
    return claimsOf(subject).flatMap(({ key, at, text }) => {
      const fullKey = `${neighbourhoodOf(document)}\n${key}`;
      const owner = owners.get(fullKey) ?? name;
      owners.set(fullKey, owner);
      if (owner === name) return [];
      return [{ document, location: at, text: `${text} of Rollout ${JSON.stringify(owner)}, too` }];
    });
  });
}

function sharedService({ rollouts }: LintWorld): Spot<LintDocument>[] {
  return claimedTwice(
    rollouts,
    ({ rollout }) =>
      referencedServices(rollout).map(({ path, name }) => ({
        key: name,
        at: path.split("."),
        text: `${JSON.stringify(name)} is a Service`,
      })),
  );
}

function sharedSelector(world: LintWorld): Spot<LintDocument>[] {
  const ofRollouts = claimedTwice(world.rollouts, ({ spec }) => {
    const key = selectorKey(spec["selector"]);
    return key === undefined ? [] : [{ key, at: ["spec", "selector"], text: "is the selector" }];
  });
  return [
    ...ofRollouts,
    ...world.rollouts.flatMap((subject) => selectorOfDeployment(subject, world)),
  ];
}

/** A Deployment that is not the Rollout's workload, and selects the same pods. */
function selectorOfDeployment(
  { document, spec, workload }: RolloutSubject,
  world: LintWorld,
): Spot<LintDocument>[] {
  const key = selectorKey(spec["selector"]);
  const other = key === undefined
    ? undefined
    : world.ofKind("apps", "Deployment").find((each) =>
      each !== workload?.document && neighbourhoodOf(each) === neighbourhoodOf(document) &&
      selectorKey(fieldsOf(each.object["spec"])["selector"]) === key
    );
  if (other === undefined) return [];
  const text = `is the selector of Deployment ${JSON.stringify(nameOf(other.object))}, too`;
  return [{ document, location: ["spec", "selector"], text }];
}

function selectorKey(selector: unknown): string | undefined {
  if (typeof selector !== "object" || selector === null || isEmptySelector(selector)) {
    return undefined;
  }
  return canonicalJson(selector);
}

function externalService(world: LintWorld): Spot<LintDocument>[] {
  return world.rollouts.flatMap(({ document, rollout }) =>
    referencedServices(rollout).flatMap(({ path, name }) => {
      const known = world.find({ type: SERVICE, namespace: namespaceOf(rollout), name }, document);
      if (fieldsOf(known?.object["spec"])["type"] !== "ExternalName") return [];
      const text = `Service ${JSON.stringify(name)} is of type ExternalName: it selects no pods`;
      return [{ document, location: path.split("."), text }];
    })
  );
}

function serviceBeyondSelector(world: LintWorld): Spot<LintDocument>[] {
  return world.rollouts.flatMap(({ document, rollout, spec }) => {
    const asked = fieldsOf(fieldsOf(spec["selector"])["matchLabels"]);
    // With expressions, nobody can tell which labels all pods have.
    if (Object.keys(asked).length === 0) return [];
    return referencedServices(rollout).flatMap(({ path, name }) => {
      const known = world.find({ type: SERVICE, namespace: namespaceOf(rollout), name }, document);
      const labels = Object.keys(fieldsOf(fieldsOf(known?.object["spec"])["selector"]));
      const beyond = labels.find((label) =>
        label !== POD_TEMPLATE_HASH_LABEL && asked[label] === undefined
      );
      if (beyond === undefined) return [];
      const text = `Service ${JSON.stringify(name)} selects by the label ${beyond}, which ` +
        "spec.selector does not ask for: pods of a revision without it are not reached";
      return [{ document, location: path.split("."), text }];
    });
  });
}

function restartBlocked(world: LintWorld): Spot<LintDocument>[] {
  const budgets = world.ofKind("policy", "PodDisruptionBudget");
  return world.rollouts.flatMap(({ document, spec, replicas, template }) => {
    if (textOf(spec["restartAt"]) === "" || template === undefined) return [];
    const labels = fieldsOf(template.metadata["labels"]);
    const budget = budgets.find((each) => {
      const budgetSpec = fieldsOf(each.object["spec"]);
      return neighbourhoodOf(each) === neighbourhoodOf(document) &&
        forbidsAll(budgetSpec, replicas) &&
        selectorMatches(budgetSpec["selector"] as LabelSelector | undefined, labels);
    });
    if (budget === undefined) return [];
    const name = JSON.stringify(nameOf(budget.object));
    const text = `PodDisruptionBudget ${name} forbids every eviction: the restart never ends`;
    return [{ document, location: ["spec", "restartAt"], text }];
  });
}

function forbidsAll(
  { maxUnavailable, minAvailable }: Record<string, unknown>,
  replicas: number | undefined,
): boolean {
  if (maxUnavailable === 0 || maxUnavailable === "0%" || minAvailable === "100%") return true;
  return typeof minAvailable === "number" && replicas !== undefined && minAvailable >= replicas;
}
