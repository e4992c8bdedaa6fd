/** Why a Rollout stands where it stands, from what one pass would decide. */
import type { CanaryStep, Rollout } from "../../sdk/api/rollout.ts";
import { byController, controlledBy } from "../api/ownership.ts";
import { fieldsOf, listOf, textOf } from "../../sdk/wire/json.ts";
import { timestamp, timestampRoundedUp } from "../api/values/time.ts";
import type { Effect } from "../engine/mod.ts";
import { deadlineAfterMs, putOffText } from "../rollout/mod.ts";
import type { ExplainedObjects } from "./explained_objects.ts";
import { shownPhase } from "./phase.ts";
import { type Advisor, causeOf } from "./stuck_cause.ts";
import { type LackingSet, lackingSets } from "./lacking_sets.ts";

/** What is said; times are RFC 3339. */
export interface Explanation {
  name: string;
  namespace: string;
  status: string;
  message: string;
  /** `2/4, pause: {}`; absent without steps. */
  step?: string;
  waitsFor: string;
  /** The objects that it depends on, with what is the matter with them. */
  on: string[];
  since?: string;
  /** When the controller looks again though nothing changed. */
  wakesAt?: string;
  /** When a lack of progress is reported, and what comes of it. */
  deadline?: {
    at: string;
    then: "Degraded" | "abort";
    /** Why it was put off. */
    putOff?: string;
  };
  /** What the controller would write now. */
  wouldDo: string[];
  advice: string[];
}

/** Explains a Rollout at a moment. */
export function explanation(objects: ExplainedObjects): Explanation {
  const { rollout, pass, program, options } = objects;
  const { name, namespace = "" } = rollout.metadata;
  const { phase: status, message } = shownPhase(rollout);
  const lacking = lackingOf(objects);
  const advise: Advisor = (verb, ...more) => [program, verb, name, ...more].join(" ") + options;
  const cause = causeOf({ ...objects, lacking, advise });
  const step = stepText(rollout);
  const deadlineMs = pass && deadlineAfterMs(pass.world, pass.decision);
  const putOff = putOffText(rollout.status?.conditions);
  const thenAborts = rollout.spec.progressDeadlineAbort === true;
  const wakeAtMs = pass?.decision.wakeAtMs;
  return {
    name,
    namespace,
    status,
    message,
    ...(step === undefined ? {} : { step }),
    waitsFor: cause.waitsFor ?? pass?.decision.why ?? "",
    on: [
      ...cause.on,
      ...lacking.map(({ text }) => text).filter((text) => !cause.on.includes(text)),
    ],
    ...(cause.sinceMs === undefined ? {} : { since: timestamp(cause.sinceMs) }),
    ...(wakeAtMs === undefined ? {} : { wakesAt: timestampRoundedUp(wakeAtMs) }),
    ...(deadlineMs === undefined ? {} : {
      deadline: {
        at: timestamp(deadlineMs),
        then: thenAborts ? "abort" : "Degraded",
        ...(putOff === undefined ? {} : { putOff }),
      },
    }),
    wouldDo: (pass?.decision.effects ?? []).map(effectText),
    advice: cause.advice,
  };
}

function lackingOf({ rollout, replicaSets, pods }: ExplainedObjects): LackingSet[] {
  return lackingSets(controlledBy(rollout, byController(replicaSets)), pods);
}

function stepText({ spec, status }: Rollout): string | undefined {
  const steps = spec.strategy?.canary?.steps ?? [];
  if (steps.length === 0) return undefined;
  const index = status?.currentStepIndex ?? 0;
  const step: CanaryStep | undefined = steps[index];
  const place = `${index}/${steps.length}`;
  if (step === undefined) return place;
  const text = Object.entries(step).map(([kind, value]) => `${kind}: ${fieldText(kind, value)}`);
  return `${place}, ${text.join(", ")}`;
}

/** What a step's field says: of an experiment and an analysis their names, all else as in YAML. */
function fieldText(kind: string, value: unknown): string {
  const { templates, analyses, duration } = fieldsOf(value);
  if (kind === "experiment") {
    const names = (list: unknown) => listOf(list).map((one) => textOf(fieldsOf(one)["name"]));
    const measured = names(analyses).length === 0
      ? ""
      : `, measured by ${names(analyses).join(", ")}`;
    const time = textOf(duration) === "" ? "" : ` for ${textOf(duration)}`;
    return `${names(templates).join(", ")}${time}${measured}`;
  }
  if (kind === "analysis") {
    return listOf(templates).map((one) => textOf(fieldsOf(one)["templateName"])).join(", ");
  }
  return flowText(value);
}

/** As YAML's flow style has it, without quotes where they are not needed. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([key, one]) => `${key}: ${flowText(one)}`).join(", ")}}`;
  }
  return typeof value === "string" && /^[A-Za-z][\w./-]*$|^\d+[a-z%]+$/.test(value)
    ? value
    : JSON.stringify(value);
}

/** `patch ReplicaSet web-1: {"spec":{"replicas":4}}`. */
function effectText(effect: Effect): string {
  if (effect.kind === "route") return `route traffic with ${effect.router}`;
  const change = effect.verb === "patch" ? `: ${JSON.stringify(effect.patch.body)}` : "";
  return `${effect.verb} ${effect.type.kind} ${effect.ref.name}${change}`;
}
