/**
 * Passes as traces: a span for each pass, and below it one for each of its writes. Who wrote is
 * found by what was written: no object is ever in two passes at a time.
 */
import { errorText } from "../../../sdk/wire/error_text.ts";
import { type PassReport, refOfKey, writesOf } from "../../engine/mod.ts";
import { ApiError } from "../../ports/api_error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Random } from "../../ports/random.ts";
import { effectText } from "../pass_log.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { type NotedWrite, notingWrites } from "./noted_writes.ts";
import type { Span } from "./span.ts";

/** Writes that no pass has claimed by then are not of a pass that will end well. */
const UNCLAIMED_MS = 60_000;
/** Clocks are read a little apart. */
const TOLERANCE_MS = 1;

export interface PassTracerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Share of the passes that are traced, 0 to 1. */
  readonly share: number;
  readonly send: (spans: readonly Span[]) => void;
}

export class PassTracer {
  readonly #options: PassTracerOptions;
  /** Not claimed yet, by what was written. */
  readonly #writes = new Map<string, NotedWrite[]>();
  #sweptAtMs = 0;

  constructor(options: PassTracerOptions) {
    this.#options = options;
  }

  /** The cluster that passes have to write to. */
  around(cluster: Cluster): Cluster {
    return notingWrites(cluster, this.#options.clock, (write) => {
      const id = idOf(write);
      const same = this.#writes.get(id);
      if (same === undefined) this.#writes.set(id, [write]);
      else same.push(write);
    });
  }

  onPass(report: PassReport): void {
    const { clock, random, send, share } = this.#options;
    const endMs = clock.monotonic();
    const startMs = endMs - report.durationMs;
    const writes = this.#claim(report, startMs);
    this.#sweep(endMs);
    if (random.next() >= share) return;
    const sinceBootMs = clock.now() - endMs;
    const traceId = this.#digits(32);
    const pass = passSpan(report, { traceId, id: this.#digits(16) });
    const spans = writes.map((write): Span => ({
      traceId,
      id: this.#digits(16),
      parentId: pass.id,
      ...writeSpan(write),
      startMs: sinceBootMs + write.startMs,
      endMs: sinceBootMs + write.endMs,
    }));
    send([{ ...pass, startMs: sinceBootMs + startMs, endMs: sinceBootMs + endMs }, ...spans]);
  }

  /** The writes of a pass, in their order. */
  #claim(report: PassReport, sinceMs: number): NotedWrite[] {
    const claimed: NotedWrite[] = [];
    for (const id of idsOf(report)) {
      const same = this.#writes.get(id) ?? [];
      this.#writes.delete(id);
      claimed.push(...same.filter(({ startMs }) => startMs >= sinceMs - TOLERANCE_MS));
    }
    return claimed.sort((one, other) => one.startMs - other.startMs);
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptAtMs < UNCLAIMED_MS) return;
    this.#sweptAtMs = nowMs;
    for (const [id, writes] of this.#writes) {
      if (writes.every(({ endMs }) => nowMs - endMs > UNCLAIMED_MS)) this.#writes.delete(id);
    }
  }

  #digits(count: number): string {
    const { random } = this.#options;
    let digits = "";
    while (digits.length < count) {
      digits += Math.floor(random.next() * 2 ** 32).toString(16).padStart(8, "0");
    }
    return digits;
  }
}

type Written = Pick<NotedWrite, "type" | "ref" | "subresource">;

function idOf({ type: { group, plural }, ref: { namespace = "", name }, subresource }: Written) {
  return `${plural}.${group}/${namespace}/${name}/${subresource ?? ""}`;
}

/**
 * What a pass wrote. Several controllers look after one object, each with passes of its own: only
 * who reported a status has written one.
 */
function idsOf(report: PassReport): ReadonlySet<string> {
  const { key, primary: type, status } = report;
  const written: Written[] = writesOf(report).map(({ type, ref, verb }) => ({
    type,
    ref,
    subresource: verb === "evict" ? "eviction" : undefined,
  }));
  const own = { type, ref: refOfKey(key) };
  // Of kinds without that subresource it is a part of the object.
  if (status !== "unchanged") {
    written.push({ ...own, subresource: "status" }, { ...own, subresource: undefined });
  }
  return new Set(written.map(idOf));
}

type Identity = Pick<Span, "traceId" | "id">;
type Timeless = Omit<Span, "startMs" | "endMs">;

function passSpan(report: PassReport, identity: Identity): Timeless {
  const { controller, key, applied, status, why } = report;
  const { namespace, name } = refOfKey(key);
  const { done, failure } = applied;
  return {
    ...identity,
    name: `pass ${controller}`,
    isCall: false,
    attributes: {
      "k8s.namespace.name": namespace,
      "sluice.controller": controller,
      "sluice.name": name,
      "sluice.why": why,
      "sluice.effects": done.map(effectText),
      "sluice.writes": applied.writes,
      "sluice.status": status,
    },
    failure: failure === undefined ? undefined : effectText(failure.effect),
  };
}

/** Never what is written: that may be anybody's secret. */
function writeSpan({ verb, type, subresource, ref, error }: NotedWrite) {
  const resource = resourceText(type, subresource);
  const refusal = error instanceof ApiError ? error : undefined;
  return {
    name: `${verb} ${resource}`,
    isCall: true,
    attributes: {
      "k8s.namespace.name": ref.namespace,
      "sluice.verb": verb,
      "sluice.resource": resource,
      "sluice.name": ref.name,
      "http.response.status_code": refusal?.code,
      "error.type": refusal?.reason ?? (error === undefined ? undefined : "unreachable"),
    },
    failure: error === undefined ? undefined : errorText(error),
  };
}

/** `rollouts.argoproj.io/status`, or `pods`. */
function resourceText({ group, plural }: ResourceType, subresource: string | undefined): string {
  const name = group === "" ? plural : `${plural}.${group}`;
  return subresource === undefined ? name : `${name}/${subresource}`;
}
