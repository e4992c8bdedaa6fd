/** An engine with one controller on a scripted cluster: what passes decide is the test's to say. */
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import {
  type Controller,
  type Decision,
  Engine,
  type EngineOptions,
  EventRecorder,
  type Failure,
  FreezeGuard,
  type Key,
  keyOf,
  type PassReport,
  type RecordedEvent,
  refOfKey,
  type Sight,
  type Status,
  type Write,
} from "../../../core/engine/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { EventDraft } from "../../../sdk/wire/write.ts";
import { GEARS, mill, MILLS, refTo } from "./objects.ts";
import { RecordingLog } from "./recording_log.ts";
import { ScriptedCluster } from "./scripted_cluster.ts";
import { advance, settle } from "./virtual_time.ts";

/** What a pass over a mill sees: it, and the gears named `<mill>-…`. */
export interface MillWorld {
  readonly mill: KubeObject;
  readonly gears: readonly KubeObject[];
  readonly nowMs: number;
}

export const NOTHING: Decision = Object.freeze({ effects: [], events: [], why: "nothing to do" });

/** A decision that is empty but for these parts. */
export function decision(parts: Partial<Decision>): Decision {
  return { ...NOTHING, ...parts };
}

export function millOf(gearName: string): string {
  return gearName.slice(0, gearName.indexOf("-"));
}

export class MillController implements Controller<MillWorld> {
  readonly name = "mills";
  readonly primary = MILLS;
  decide: (world: MillWorld) => Decision = () => NOTHING;
  decideAfterFailure: (
    world: MillWorld,
    failure: Failure,
  ) => Pick<Decision, "status" | "events"> = () => ({ events: [] });
  promptPart: (status: Status) => unknown = (status) => status;
  eventsOfDeleted: (mill: KubeObject) => readonly EventDraft[] = () => [];
  readonly sources = [
    {
      type: MILLS,
      wakes: ({ metadata }: KubeObject): Key[] => [keyOf(metadata.namespace, metadata.name)],
    },
    {
      type: GEARS,
      wakes: ({ metadata }: KubeObject): Key[] => [
        keyOf(metadata.namespace, millOf(metadata.name)),
      ],
    },
  ];

  observe(key: Key, { caches, nowMs }: Sight): MillWorld | undefined {
    const { namespace, name } = refOfKey(key);
    const object = caches.of(MILLS).get(namespace, name);
    if (object === undefined) return undefined;
    const gears = [...caches.of(GEARS).all()].filter((gear) => millOf(gear.metadata.name) === name);
    return { mill: object, gears, nowMs };
  }
}

export class EngineWorld {
  readonly clock = new VirtualClock(Date.parse("2030-01-01T00:00:00Z"));
  readonly cluster: ScriptedCluster;
  readonly log = new RecordingLog();
  readonly recorder: EventRecorder;
  readonly engine: Engine;
  readonly controller = new MillController();
  readonly passes: PassReport[] = [];
  readonly events: RecordedEvent[] = [];

  constructor(
    options: Partial<EngineOptions> & {
      /** With a guard against acting on the past after the process stood still. */
      readonly isGuarded?: boolean;
    } = {},
    cluster = new ScriptedCluster(),
  ) {
    this.cluster = cluster;
    const { clock, log } = this;
    const { isGuarded = false, ...rest } = options;
    const freezeGuard = isGuarded ? new FreezeGuard({ clock, log }) : undefined;
    freezeGuard?.start();
    this.recorder = new EventRecorder({ cluster, clock, log, component: "mills" });
    this.recorder.onRecord((event) => this.events.push(event));
    this.engine = new Engine({
      cluster,
      clock,
      log,
      recorder: this.recorder,
      ...rest,
      ...(freezeGuard === undefined ? {} : { freezeGuard }),
    });
    this.engine.onPass((report) => this.passes.push(report));
  }

  /** Starts with these mills in the cluster, and lets the first passes happen. */
  async start(...mills: string[]): Promise<void> {
    for (const name of mills) this.cluster.put(MILLS, mill(name, { spec: { wheels: 1 } }));
    this.engine.add(this.controller);
    this.engine.start();
    await this.settle();
  }

  /** What decides, from now on; forgets the passes so far. */
  decide(decide: (world: MillWorld) => Decision): void {
    this.controller.decide = decide;
    this.passes.length = 0;
  }

  /** Somebody changes a mill, and the watch tells of it. */
  touch(name: string, spec: Readonly<Record<string, unknown>> = {}): void {
    const present = this.cluster.present(MILLS, refTo(name));
    const touched = { wheels: 1, touches: this.cluster.version, ...spec };
    this.cluster.put(MILLS, { ...present, ...mill(name), spec: touched });
    this.cluster.watchOf(MILLS).tell();
  }

  cached(type: typeof MILLS, name: string): KubeObject | undefined {
    return this.engine.caches.of(type).get("default", name);
  }

  /** The watches tell all that has happened. */
  tell(): void {
    this.cluster.watchOf(MILLS).tell();
    this.cluster.watchOf(GEARS).tell();
  }

  settle(): Promise<void> {
    return settle(this.clock);
  }

  advance(byMs: number): Promise<void> {
    return advance(this.clock, byMs);
  }

  /** The process stands still for so long; nothing of what happens is heard meanwhile. */
  freeze(forMs: number): void {
    this.clock.advanceTo(this.clock.now() + forMs);
  }

  reasons(): string[] {
    return this.events.map(({ reason }) => reason);
  }
}

export function create(gear: KubeObject, events: Write["events"] = []): Write {
  const ref = refTo(gear.metadata.name);
  return { kind: "write", verb: "create", type: GEARS, ref, object: gear, events };
}

export function patchGear(name: string, body: unknown, events: Write["events"] = []): Write {
  const patch = { type: "merge" as const, body };
  return { kind: "write", verb: "patch", type: GEARS, ref: refTo(name), patch, events };
}

export function annotateMill(name: string, note: string): Write {
  const patch = { type: "merge" as const, body: { metadata: { annotations: { note } } } };
  return { kind: "write", verb: "patch", type: MILLS, ref: refTo(name), patch };
}

/** Wants one gear of that name beside the mill, and nothing else. */
export function wantGear(name: string, gear: KubeObject): (world: MillWorld) => Decision {
  return ({ gears }) =>
    gears.some(({ metadata }) => metadata.name === name)
      ? NOTHING
      : decision({ effects: [create(gear)] });
}

/** Wants that many teeth of a gear, written with the version that was seen. */
export function wantTeeth(teeth: number): (world: MillWorld) => Decision {
  return ({ gears: [gear] }) => {
    if (gear === undefined || (gear["spec"] as { teeth?: number })?.teeth === teeth) return NOTHING;
    const { name, resourceVersion } = gear.metadata;
    const body = { metadata: { resourceVersion }, spec: { teeth } };
    return decision({ effects: [patchGear(name, body)] });
  };
}
