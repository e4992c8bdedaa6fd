/** One pass over a key: observe, decide, apply, report. The lane says when to look again. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { EventDraft, Write } from "../../sdk/wire/write.ts";
import { type Applied, applyEffects, type ApplyPorts } from "./apply.ts";
import type { Controller, Sight } from "./controller.ts";
import type { Decision } from "./effect.ts";
import type { EventRecorder } from "./event_recorder.ts";
import type { Key } from "./key.ts";
import { isNormal, isStillSilent } from "./refusal.ts";
import { type ReportPorts, reportStatus, type StatusOutcome } from "./report_status.ts";

/** What one pass came to, for those who watch: logs, metrics, simulate. */
export interface PassReport {
  readonly controller: string;
  /** What kind of object the key names. */
  readonly primary: ResourceType;
  readonly key: Key;
  /** The snapshot, as the controller's `observe` made it. */
  readonly world: unknown;
  readonly decision: Decision;
  readonly applied: Applied;
  /** The decision's sentence, and what the cluster did not allow of it. */
  readonly why: string;
  readonly status: StatusOutcome;
  /** From its snapshot to the answer to its last write. */
  readonly durationMs: number;
}

/** The writes that a pass decided, routes as what they became; not all need have come true. */
export function writesOf({ decision, applied }: PassReport): readonly Write[] {
  return decision.effects.flatMap((effect): readonly Write[] => {
    if (effect.kind === "write") return [effect];
    return applied.routes.find((route) => route.effect === effect)?.writes ?? [];
  });
}

export interface PassPorts extends ApplyPorts, ReportPorts {
  readonly recorder: EventRecorder;
}

/** What one pass begins with. */
export interface PassStart {
  readonly sight: Sight;
  /** Passes over this key that failed in a row. */
  readonly failures: number;
}

/** Undefined: the object is gone, or on its way out. */
export async function runPass<World>(
  controller: Controller<World>,
  key: Key,
  { sight, failures }: PassStart,
  ports: PassPorts,
): Promise<PassReport | undefined> {
  const { primary, name, statusIn = "subresource" } = controller;
  const present = () => ports.caches.of(primary).at(key);
  const record = (object: KubeObject | undefined, events: readonly EventDraft[] = []) => {
    if (object !== undefined && events.length > 0) ports.recorder.record(object, events);
  };
  const startedAtMs = ports.clock.monotonic();
  const before = present();
  const world = controller.observe(key, sight);
  if (world === undefined) return undefined;
  const decision = controller.decide(world);
  const applied = await applyEffects(key, decision.effects, ports, before);
  const about = present() ?? before;
  record(about, applied.events);
  const report = reportOf(controller, { world, decision, applied, failures });
  // What has to be told of with events, or after a refusal, does not wait.
  const isPlain = applied.failure === undefined && report.events.length === 0;
  const promptPart = isPlain ? controller.promptPart?.bind(controller) : undefined;
  const status = await reportStatus(
    { key, type: primary, before, status: report.status, statusIn, promptPart },
    ports,
  );
  if (status !== "failed") record(present() ?? about, report.events);
  const why = [decision.why, ...applied.forbidden].join("; ");
  const durationMs = ports.clock.monotonic() - startedAtMs;
  return { controller: name, primary, key, world, decision, applied, why, status, durationMs };
}

/** After a refusal, what holds all the same; nothing of what was to come true. */
function reportOf<World>(
  controller: Controller<World>,
  { world, decision, applied: { failure }, failures }: {
    world: World;
    decision: Decision;
    applied: Applied;
    failures: number;
  },
): Pick<Decision, "status" | "events"> {
  if (failure === undefined) return decision;
  const isPassing = isNormal(failure.error);
  if (isStillSilent(failure.error, failures)) return { events: [] };
  return controller.decideAfterFailure(world, { ...failure, isPassing });
}
