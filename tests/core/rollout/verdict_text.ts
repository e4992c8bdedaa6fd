/** Says what a stage or a pass decided in short lines, and compares it with what a test expects. */
import assert from "node:assert/strict";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Situation, Stage, Strategy, Verdict } from "../../../core/rollout/situation.ts";
import { situationOf } from "../../../core/rollout/situation_of.ts";
import type { Effect, Write } from "../../../core/engine/mod.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { ANALYSIS_RUNS, DEPLOYMENTS } from "../../../core/api/names/resources.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../../../core/api/names/names.ts";
import type { RolloutWorld } from "../../../core/rollout/mod.ts";

/** Annotations by the last part of their key: `revision=3`. */
function annotationsText(metadata: Fields): string[] {
  return Object.entries(fieldsOf(metadata["annotations"]))
    .map(([key, value]) => `${key.split("/").at(-1)}=${value}`)
    .sort();
}

/** `size web-bbb 2`, `select web-stable bbb`, `create web-bbb 1`, `note web revision=2`, … */
export function effectText(effect: Effect): string {
  if (effect.kind === "route") return `route by ${effect.router}`;
  const { name } = effect.ref;
  if (effect.verb === "delete" || effect.verb === "evict") return `${effect.verb} ${name}`;
  if (effect.type === ANALYSIS_RUNS) {
    return `${effect.verb === "create" ? "begin" : "end"} run ${name}`;
  }
  if (effect.verb === "create") {
    return `create ${name} ${fieldsOf(effect.object["spec"])["replicas"]}`;
  }
  const body = fieldsOf(effect.patch.body);
  const spec = fieldsOf(body["spec"]);
  if ("selector" in spec) {
    const hash = fieldsOf(spec["selector"])[POD_TEMPLATE_HASH_LABEL];
    if (hash === null) return `free ${name}`;
    const isTaken = annotationsText(fieldsOf(body["metadata"])).length > 0;
    return `select ${name} ${hash}${isTaken ? " (taken over)" : ""}`;
  }
  if ("replicas" in spec) {
    const notes = effect.type === DEPLOYMENTS ? annotationsText(fieldsOf(body["metadata"])) : [];
    return ["size", name, spec["replicas"], ...notes].join(" ");
  }
  const minReady = "minReadySeconds" in spec ? [`minReadySeconds=${spec["minReadySeconds"]}`] : [];
  return ["note", name, ...annotationsText(fieldsOf(body["metadata"])), ...minReady].join(" ");
}

/** The writes that a pass decided, which must be all that it decided. */
export function writesIn({ effects }: { readonly effects: readonly Effect[] }): Write[] {
  return effects.map((effect) => {
    assert.ok(effect.kind === "write");
    return effect;
  });
}

/** `Normal ScalingReplicaSet: Scaled up …` */
export function eventText({ type, reason, message }: EventDraft): string {
  return `${type} ${reason}: ${message}`;
}

/** What a stage is expected to say; what a row leaves out must not be there, `why` aside. */
export interface ExpectedVerdict {
  effects?: string[];
  closingEffects?: string[];
  /** Events that go with the effects; not looked at when left out. */
  told?: string[];
  /** Fields of the state that differ from the snapshot's; undefined: the field goes. */
  state?: Fields;
  events?: string[];
  closingEvents?: string[];
  then: Verdict["then"];
  wakeAt?: string;
  retryAt?: string;
  why?: string;
}

export interface Row {
  name: string;
  world: RolloutWorld;
  verdict: ExpectedVerdict;
}

/** Tries a stage on the rows of a table. */
export function checkStage<Kind extends Strategy>(
  stage: Stage<Kind>,
  rows: readonly Row[],
): void {
  for (const { name, world, verdict: expected } of rows) {
    const situation = situationOf(world) as Situation<Kind>;
    const verdict = stage(situation);
    assertVersioned(world, verdict.effects ?? []);
    const before: Fields = { ...situation.state };
    const decided = Object.entries(verdict.state ?? {})
      .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]));
    const actual = {
      effects: (verdict.effects ?? []).map(effectText),
      closingEffects: (verdict.closingEffects ?? []).map(effectText),
      state: Object.fromEntries(decided),
      events: (verdict.events ?? []).map(eventText),
      closingEvents: (verdict.closingEvents ?? []).map(eventText),
      then: verdict.then,
      wakeAt: timeText(verdict.wakeAtMs),
      retryAt: timeText(verdict.retryAtMs),
    };
    const { why, told, ...wanted } = expected;
    const complete = {
      effects: [],
      closingEffects: [],
      state: {},
      events: [],
      closingEvents: [],
      wakeAt: undefined,
      retryAt: undefined,
      ...wanted,
    };
    assert.deepEqual(actual, complete, name);
    if (told !== undefined) {
      const events = (verdict.effects ?? []).flatMap((effect) => effect.events ?? []);
      assert.deepEqual(events.map(eventText), told, name);
    }
    if (why !== undefined) assert.equal(verdict.why, why, name);
  }
}

function timeText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString().replace(".000Z", "Z");
}

/** Each patch of a size or selector, and each deletion, names the version it was decided on. */
export function assertVersioned(world: RolloutWorld, effects: readonly Effect[]): void {
  const versions = new Map(
    [...world.replicaSets, ...world.services.values(), ...workloadsOf(world)]
      .map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]),
  );
  for (const effect of effects) {
    if (effect.kind !== "write" || effect.verb === "create" || effect.verb === "evict") continue;
    const version = versions.get(`${effect.type.kind}/${effect.ref.name}`);
    const body = effect.verb === "patch" ? fieldsOf(effect.patch.body) : {};
    const carried = effect.verb === "delete" ? effect.resourceVersion : effect.decidedOn;
    if (effect.verb === "patch" && body["spec"] === undefined) continue;
    assert.equal(carried, version, effectText(effect));
    assert.notEqual(carried, undefined, effectText(effect));
  }
}

function workloadsOf({ workload }: RolloutWorld): KubeObject[] {
  return workload === undefined ? [] : [workload.object];
}
