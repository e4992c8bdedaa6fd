/** A pass as one line of the log: what was decided and why, what came of it, how long it took. */
import { type Effect, type PassReport, refOfKey } from "../engine/mod.ts";
import type { Log, LogFields } from "../ports/log.ts";

/** Passes that change nothing are told to those who want everything. */
export function logPass(log: Log, report: PassReport): void {
  const { applied, status, why } = report;
  const isQuiet = applied.writes === 0 && status !== "written" && applied.failure === undefined;
  log[isQuiet ? "debug" : "info"](why, fieldsOf(report));
}

function fieldsOf({ controller, key, applied, status, durationMs }: PassReport): LogFields {
  const { namespace, name } = refOfKey(key);
  const { done, failure, writes } = applied;
  return {
    namespace,
    [controller]: name,
    effects: done.length === 0 ? undefined : done.map(effectText).join("; "),
    failed: failure === undefined ? undefined : effectText(failure.effect),
    writes,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
  };
}

/** Which object, and what is done to it; never what is written: that may be anybody's secret. */
export function effectText(effect: Effect): string {
  switch (effect.kind) {
    case "write":
      return `${effect.verb} ${effect.type.plural} ${effect.ref.name}`;
    case "route":
      return `route by ${effect.router}`;
  }
}
