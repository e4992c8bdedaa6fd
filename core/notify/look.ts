/** What the conditions of a Rollout's triggers come to now, and what follows from it. */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { NOTIFIED_ANNOTATION } from "../api/names/names.ts";
import { isBroken, type NotificationConfig } from "./config.ts";
import { type Subscriber, subscribersOf } from "./destinations.ts";
import { Budget } from "../analysis/condition/mod.ts";
import {
  evaluateTrigger,
  type EvaluationOptions,
  type Judged,
  type TriggerResult,
} from "./evaluate.ts";
import type { Facts } from "./facts.ts";
import { NOT_THERE } from "./names.ts";
import { idOf, type Notice } from "./notice.ts";
import { type NotifiedState, parseState, stateKey } from "./notified_state.ts";

/** A condition of a trigger, for one subscriber. */
export interface Watched {
  /** How the state knows it. */
  readonly key: string;
  readonly isMet: boolean;
  /** It is told once for each value of `oncePer`, and never forgotten. */
  readonly isOncePer: boolean;
  /** Who is to be told; undefined: nobody, now. */
  readonly notice: (Notice & { readonly namespace: string }) | undefined;
}

export interface Look {
  readonly rollout: Rollout;
  readonly state: NotifiedState;
  readonly watched: readonly Watched[];
  /** What keeps subscribers from ever being told. */
  readonly complaints: readonly string[];
}

/** Why a configuration does not serve a subscriber, and whether it knows the trigger at all. */
interface Unserved {
  readonly problem: string;
  readonly isKnown: boolean;
}

/** Looks at all subscribers of a Rollout in all configurations for it. */
export function lookAt(
  facts: Facts,
  configs: readonly NotificationConfig[],
  nowMs: number,
): Look {
  const { rollout } = facts;
  const state = parseState(rollout.metadata.annotations?.[NOTIFIED_ANNOTATION]);
  const watched: Watched[] = [];
  // By subscriber: why no configuration serves it. What one of them serves is no complaint.
  const unserved = new Map<string, Unserved | undefined>();
  for (const config of configs) {
    const evaluate = evaluatorOf({ config, facts, nowMs, isEmptyMet: false });
    for (const subscriber of subscribersOf(rollout.metadata, config)) {
      const id = JSON.stringify(subscriber);
      const result = evaluate(subscriber.trigger);
      const problem = "error" in result
        ? result.error
        : problemOf(subscriber, result.conditions, config);
      const isKnown = !("error" in result) || !result.isUnknown;
      const before = unserved.get(id);
      if (problem === undefined) unserved.set(id, undefined);
      else if (!unserved.has(id) || (before !== undefined && (isKnown || !before.isKnown))) {
        unserved.set(id, { problem, isKnown });
      }
      if ("error" in result) continue;
      for (const judged of result.conditions) {
        const each = watchedOf(subscriber, judged, { config, facts, state });
        // Who cannot be told now is told once that can be.
        watched.push(problem === undefined ? each : { ...each, notice: undefined });
      }
    }
  }
  const complaints = new Set([...unserved.values()].flatMap((each) => each?.problem ?? []));
  return { rollout, state, watched, complaints: [...complaints] };
}

/** Evaluates each trigger once, and all of them within one budget. */
function evaluatorOf(options: EvaluationOptions): (trigger: string) => TriggerResult {
  const results = new Map<string, TriggerResult>();
  const budget = new Budget();
  return (trigger) => {
    const result = results.get(trigger) ?? evaluateTrigger(trigger, { ...options, budget });
    results.set(trigger, result);
    return result;
  };
}

/** What a subscriber's trigger needs and the configuration lacks. */
function problemOf(
  { service }: Subscriber,
  conditions: readonly Judged[],
  config: NotificationConfig,
): string | undefined {
  const found = config.services.get(service);
  if (found === undefined) return NOT_THERE.service(service);
  if (isBroken(found)) return found.error;
  for (const { condition } of conditions) {
    for (const name of condition.send) {
      const template = config.templates.get(name);
      if (template === undefined) return NOT_THERE.template(name);
      if (isBroken(template)) return template.error;
    }
  }
  return undefined;
}

function watchedOf(
  subscriber: Subscriber,
  judged: Judged,
  { config, facts, state }: {
    readonly config: NotificationConfig;
    readonly facts: Facts;
    readonly state: NotifiedState;
  },
): Watched {
  const { isMet, oncePer, condition } = judged;
  const { namespace, isSelfService } = config.raw;
  const key = stateKey(subscriber, judged, isSelfService ? namespace : undefined);
  const watched = { key, isMet, isOncePer: oncePer !== "" };
  if (!isMet || state.has(key)) return { ...watched, notice: undefined };
  const { metadata: { uid }, status } = facts.rollout;
  // The same after a restart, and another one when the condition is met anew.
  const id = idOf(uid, key, status?.currentPodHash, status?.currentStepIndex, status?.conditions);
  const cause = { type: "Normal", reason: subscriber.trigger };
  return {
    ...watched,
    notice: { id, namespace, subscriber, templates: condition.send, facts, cause },
  };
}
