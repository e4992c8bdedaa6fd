/** A Rollout taken apart for the rules; what is of a wrong type counts as absent. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../sdk/wire/json.ts";
import type { Spot } from "./finding.ts";
import { groupOf, type Known, type LintDocument, namespaceOf, type World } from "./world.ts";

/** What a rule says about a Rollout: a place in it, and what is the matter. */
export interface RolloutRemark {
  readonly at: FieldLocation;
  readonly text: string;
}

/** A pod template, and where its fields stand. */
export interface PodTemplateView {
  /** As it stands there. */
  readonly template: unknown;
  readonly metadata: Fields;
  readonly containers: readonly Fields[];
  /** Somebody else says when a pod is ready. */
  readonly hasReadinessGates: boolean;
  spot(path: FieldLocation, text: string): Spot<LintDocument>;
}

/** A Rollout taken apart. */
export interface RolloutSubject {
  readonly document: LintDocument;
  readonly rollout: Rollout;
  readonly spec: Fields;
  /** Absent: it has not that strategy. */
  readonly canary: Fields | undefined;
  readonly blueGreen: Fields | undefined;
  readonly steps: readonly Fields[];
  /** Absent: there is no traffic router. */
  readonly routing: Fields | undefined;
  readonly weightMax: number;
  /** Absent: the number is somebody else's to set. */
  readonly replicas: number | undefined;
  /** Its own or that of the workload; undefined when the workload is not known. */
  readonly template: PodTemplateView | undefined;
  /** The object that `workloadRef` names. */
  readonly workload: Known | undefined;
}

/** A world with its Rollouts taken apart. */
export interface LintWorld extends World {
  readonly rollouts: readonly RolloutSubject[];
}

/** Makes a rule about all Rollouts of one about a single one. */
export function forEachRollout(
  remarks: (subject: RolloutSubject, world: LintWorld) => RolloutRemark[],
): (world: LintWorld) => Spot<LintDocument>[] {
  return (world) =>
    world.rollouts.flatMap((subject) =>
      remarks(subject, world).map(({ at, text }) => ({
        document: subject.document,
        location: at,
        text,
      }))
    );
}

/** Makes a rule about the pods of all Rollouts of one about a single one. */
export function forEachTemplate(
  spots: (template: PodTemplateView, subject: RolloutSubject) => Spot<LintDocument>[],
): (world: LintWorld) => Spot<LintDocument>[] {
  return (world) =>
    world.rollouts.flatMap((subject) =>
      subject.template === undefined ? [] : spots(subject.template, subject)
    );
}

/** A world with its Rollouts taken apart, once for all rules. */
export function lintWorldOf(world: World): LintWorld {
  const rollouts = world.ofKind("argoproj.io", "Rollout")
    .map((document) => subjectOf(document, world));
  return { ...world, rollouts };
}

function subjectOf(document: LintDocument, world: World): RolloutSubject {
  const rollout = document.object as Rollout;
  const spec = fieldsOf(rollout.spec);
  const strategy = fieldsOf(spec["strategy"]);
  const canary = isFields(strategy["canary"]) ? strategy["canary"] : undefined;
  const blueGreen = isFields(strategy["blueGreen"]) ? strategy["blueGreen"] : undefined;
  const routing = isFields(canary?.["trafficRouting"]) ? canary["trafficRouting"] : undefined;
  const weightMax = numberOf(routing?.["maxTrafficWeight"]) ?? 100;
  const workload = workloadOf(document, world);
  return {
    document,
    rollout,
    spec,
    canary,
    blueGreen,
    steps: listOf(canary?.["steps"]).map(fieldsOf),
    routing,
    weightMax,
    replicas: numberOf(spec["replicas"]),
    template: templateOf(document, workload),
    workload,
  };
}

function workloadOf(document: LintDocument, world: World): Known | undefined {
  const { workloadRef } = fieldsOf(document.object["spec"]);
  if (!isFields(workloadRef)) return undefined;
  const { apiVersion, kind, name } = workloadRef;
  const type = { group: groupOf({ apiVersion: textOf(apiVersion) }), kind: textOf(kind) };
  const namespace = namespaceOf(document.object);
  return world.find({ type, namespace, name: textOf(name) }, document);
}

function templateOf(
  document: LintDocument,
  workload: Known | undefined,
): PodTemplateView | undefined {
  const spec = fieldsOf(document.object["spec"]);
  if (!isFields(spec["workloadRef"])) {
    return viewOf(spec["template"], { document, base: ["spec", "template"] });
  }
  if (workload === undefined) return undefined;
  const base = workload.object.kind === "PodTemplate" ? ["template"] : ["spec", "template"];
  const template = base.length === 1
    ? workload.object["template"]
    : fieldsOf(workload.object["spec"])["template"];
  if (workload.document !== undefined) {
    return viewOf(template, { document: workload.document, base });
  }
  return viewOf(template, { document, base: ["spec", "workloadRef"], isElsewhere: true });
}

function viewOf(
  template: unknown,
  { document, base, isElsewhere = false }: {
    document: LintDocument;
    base: FieldLocation;
    /** The template stands in no file: all there is to point at is the reference to it. */
    isElsewhere?: boolean;
  },
): PodTemplateView {
  const { metadata, spec } = fieldsOf(template);
  const { containers, readinessGates } = fieldsOf(spec);
  return {
    template,
    metadata: fieldsOf(metadata),
    containers: listOf(containers).map(fieldsOf),
    hasReadinessGates: listOf(readinessGates).length > 0,
    spot: (path, text) => ({
      document,
      location: isElsewhere ? base : [...base, ...path],
      text,
    }),
  };
}

/** The value as a number; undefined when it is none. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
