/**
 * The controller of conditions: looks at each Rollout that changes, has those told whose condition
 * has come true, and remembers that in an annotation. It never waits for a message to arrive.
 */
import type { Rollout } from "../../sdk/api/rollout.ts";
import { patchOf } from "../../sdk/wire/write.ts";
import { NOTIFIED_ANNOTATION } from "../api/names/names.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import {
  type Answers,
  type CacheReader,
  type Controller,
  type Decision,
  type Inquiry,
  type Key,
  keyOfObject,
  presentObject,
  type Sight,
  type Source,
  writeEffect,
} from "../engine/mod.ts";
import type { ConfigBoard } from "./config_board.ts";
import type { Facts } from "./facts.ts";
import { type Look, lookAt } from "./look.ts";
import { stateText } from "./notified_state.ts";

/** The name that its passes are reported under. */
export const NOTIFICATION_CONTROLLER = "notifications";
/** Kinds of what it asks. */
export const CONFIG_QUESTION = "notification configuration";
export const NOTICE_QUESTION = "notification";
export const COMPLAINT_QUESTION = "notification complaint";

const CONFIG_DEADLINE_MS = 30_000;
const CONFIG_MAX_AGE_MS = 10_000;
/** Longer than any message is tried. */
const NOTICE_DEADLINE_MS = 24 * 3_600_000;

/** A Rollout, and what of its notices is known. */
export interface NotificationWorld {
  readonly nowMs: number;
  /** Undefined while the configuration is not known. */
  readonly look: Look | undefined;
  readonly answers: Answers;
}

/** What is known of a key since its last look. */
interface Memory {
  readonly look: Look | undefined;
  /** Notices under way. */
  readonly asked: readonly Inquiry[];
}

export interface NotificationControllerOptions {
  readonly board: ConfigBoard;
  readonly factsOf: (rollout: Rollout, caches: CacheReader) => Facts;
}

export class NotificationController implements Controller<NotificationWorld> {
  readonly name = NOTIFICATION_CONTROLLER;
  readonly primary = ROLLOUTS;
  readonly sources: readonly Source[] = [
    { type: ROLLOUTS, wakes: (rollout) => [keyOfObject(rollout)] },
  ];
  readonly #options: NotificationControllerOptions;
  readonly #memory = new Map<Key, Memory>();

  constructor(options: NotificationControllerOptions) {
    this.#options = options;
  }

  inquiries(key: Key, caches: CacheReader, nowMs: number): readonly Inquiry[] {
    const rollout = presentObject<Rollout>(ROLLOUTS, key, caches);
    if (rollout === undefined) {
      this.#memory.delete(key);
      return [];
    }
    const { board, factsOf } = this.#options;
    const namespace = rollout.metadata.namespace ?? "";
    const config: Inquiry = {
      id: "configuration",
      question: { kind: CONFIG_QUESTION, namespace },
      deadlineMs: CONFIG_DEADLINE_MS,
      maxAgeMs: CONFIG_MAX_AGE_MS,
    };
    const configs = board.knownFor(namespace);
    if (configs === undefined) {
      // What is under way stays so.
      const asked = this.#memory.get(key)?.asked ?? [];
      this.#memory.set(key, { look: undefined, asked });
      return [config, ...asked];
    }
    const look = lookAt(factsOf(rollout, caches), configs, nowMs);
    const asked = inquiriesOf(look);
    this.#memory.set(key, { look, asked });
    return [config, ...asked];
  }

  observe(key: Key, { caches, nowMs, answers }: Sight): NotificationWorld | undefined {
    const rollout = presentObject<Rollout>(ROLLOUTS, key, caches);
    if (rollout === undefined) return undefined;
    return { nowMs, look: this.#memory.get(key)?.look, answers };
  }

  decide({ nowMs, look, answers }: NotificationWorld): Decision {
    const nothing = { effects: [], events: [] };
    if (look === undefined) return { ...nothing, why: "the configuration is being read" };
    const { rollout, state: before } = look;
    const state = new Map(before);
    const told: string[] = [];
    for (const { key, isMet, isOncePer, notice } of look.watched) {
      if (!isMet && !isOncePer) state.delete(key);
      const answer = notice === undefined ? undefined : answers.get(key);
      if (answer?.state !== "answered" || answer.value !== "sent") continue;
      state.set(key, Math.floor(nowMs / 1000));
      told.push(key);
    }
    const text = stateText(state);
    if (text === stateText(before)) return { ...nothing, why: "nobody is to be told anything new" };
    const body = { metadata: { annotations: { [NOTIFIED_ANNOTATION]: text ?? null } } };
    const write = patchOf(ROLLOUTS, rollout, { type: "merge", body });
    const why = told.length > 0 ? `told: ${told.join(", ")}` : "a condition is not met any more";
    return { ...nothing, effects: [writeEffect(write)], why };
  }

  /** What was sent is known as long as it is asked for; the state is written by the next pass. */
  decideAfterFailure(): Pick<Decision, "events"> {
    return { events: [] };
  }
}

/** Notices and complaints of a look, each asked once for as long as it stands. */
function inquiriesOf({ rollout, watched, complaints }: Look): Inquiry[] {
  const deadlineMs = NOTICE_DEADLINE_MS;
  const maxAgeMs = Infinity;
  return [
    ...watched.flatMap(({ key, notice }): Inquiry[] => {
      if (notice === undefined) return [];
      const question = { kind: NOTICE_QUESTION, notice };
      return [{ id: key, version: key, question, deadlineMs, maxAgeMs }];
    }),
    ...complaints.map((complaint): Inquiry => {
      const id = `complaint: ${complaint}`;
      const question = { kind: COMPLAINT_QUESTION, complaint, object: rollout };
      return { id, version: id, question, deadlineMs, maxAgeMs };
    }),
  ];
}
