import { PODS } from "../../api/names/resources.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue } from "./condition.ts";
import type { ImageTroubles } from "./image_troubles.ts";
import type { InCluster } from "./in_cluster.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import {
  crashedContainers,
  crashesOf,
  lastingContainersOf,
  runningContainers,
  unreadyCondition,
} from "./pod_containers.ts";
import { reprobedAfterMs } from "./pod_start.ts";
import type { Change } from "./store.ts";
import { timestamp } from "../../api/values/time.ts";

const FIRST_BACK_OFF_MS = 10_000;
const BACK_OFF_MAX_MS = 300_000;

/** What crash loops need of the one who runs pods. */
export interface CrashLoopPorts extends InCluster {
  readonly troubles: ImageTroubles;
  /** Times what goes on for ever in the same way. */
  readonly housekeepingClock: Clock;
  /** Writes the status of a pod as a kubelet does. */
  writeStatus(pod: KubeObject, fields: Fields, conditions: readonly Fields[]): void;
  /** The conditions of a pod whose containers all run. */
  runningConditions(pod: KubeObject): readonly Fields[];
}

/** What happens to a pod next. */
interface Turn {
  readonly dueMs: number;
  /** Every round is like the one before. */
  readonly isEndless: boolean;
  /** It runs until then. */
  readonly isCrash: boolean;
  readonly act: (pod: KubeObject) => void;
  readonly cancel: Cancel;
}

/** How many pods crash in rounds that are all alike, by what they do now. */
export interface EndlessCrashes {
  readonly running: number;
  /** In their back-off. */
  readonly waiting: number;
}

/** Lets containers run for a while, crash, wait longer each time, and run again: Ready flaps. */
export class CrashLoops {
  readonly #ports: CrashLoopPorts;
  readonly #turns = new Map<string, Turn>();

  constructor(ports: CrashLoopPorts) {
    this.#ports = ports;
    ports.store.onChange(({ kind, type, object }: Change) => {
      if (kind.type === PODS && type === "DELETED") this.#stop(object.metadata.uid ?? "");
    });
  }

  /** Pods whose back-off does not grow any more. */
  get endless(): EndlessCrashes {
    const turns = [...this.#turns.values()].filter(({ isEndless }) => isEndless);
    const running = turns.filter(({ isCrash }) => isCrash).length;
    return { running, waiting: turns.length - running };
  }

  /** Looks at a pod that runs: does one of its containers crash, and when? */
  follow(pod: KubeObject): void {
    const { uid = "" } = pod.metadata;
    if (this.#turns.has(uid) || !isTrue(pod, "ContainersReady")) return;
    const delays = lastingContainersOf(pod)
      .flatMap((container) => this.#ports.troubles.crashesAfterMs(container) ?? []);
    if (delays.length === 0) return;
    const backOffMs = backOffAfter(crashesOf(pod));
    const turn = { delayMs: Math.min(...delays), backOffMs, isCrash: true };
    this.#later(pod, turn, (now) => this.#crash(now));
  }

  /** Goes on with a pod that was read while its containers waited to be started again. */
  resume(pod: KubeObject): void {
    const backOffMs = backOffAfter(Math.max(1, crashesOf(pod)));
    this.#restartLater(pod, backOffMs);
  }

  /** An image was healed: what comes next to its pods is not like the last round any more. */
  noticeHealing(): void {
    const { clock, store, troubles } = this.#ports;
    for (const [uid, { dueMs, isCrash, act, cancel }] of [...this.#turns]) {
      const pod = store.byUid(uid)?.object;
      const isHealed = pod !== undefined &&
        lastingContainersOf(pod).every((one) => troubles.crashesAfterMs(one) === undefined);
      if (!isHealed) continue;
      cancel();
      this.#set(uid, { clock, delayMs: dueMs - clock.now(), isEndless: false, isCrash, act });
    }
  }

  #crash(pod: KubeObject): void {
    const isCrashing = (container: Fields) =>
      this.#ports.troubles.crashesAfterMs(container) !== undefined;
    // It may have been healed meanwhile.
    if (!lastingContainersOf(pod).some(isCrashing)) return;
    const backOffMs = backOffAfter(crashesOf(pod) + 1);
    const statuses = crashedContainers(pod, { now: this.#now(), isCrashing, backOffMs });
    this.#restartLater(pod, backOffMs);
    this.#ports.writeStatus(pod, statuses, unreadyCondition(pod, isCrashing));
  }

  /** What was started again is Ready when its probes have succeeded anew. */
  #restartLater(pod: KubeObject, backOffMs: number): void {
    const { troubles } = this.#ports;
    const probedMs = reprobedAfterMs(pod, (one) => troubles.crashesAfterMs(one) !== undefined);
    const turn = { delayMs: backOffMs + probedMs, backOffMs, isCrash: false };
    this.#later(pod, turn, (now) => this.#restart(now));
  }

  #restart(pod: KubeObject): void {
    const statuses = runningContainers(pod, this.#now());
    this.#ports.writeStatus(pod, statuses, this.#ports.runningConditions(pod));
  }

  /** After a back-off of full length every round is like the one before: housekeeping. */
  #later(
    pod: KubeObject,
    { delayMs, backOffMs, isCrash }: {
      readonly delayMs: number;
      readonly backOffMs: number;
      readonly isCrash: boolean;
    },
    act: Turn["act"],
  ): void {
    const isEndless = backOffMs >= BACK_OFF_MAX_MS;
    const clock = isEndless ? this.#ports.housekeepingClock : this.#ports.clock;
    this.#set(pod.metadata.uid ?? "", { clock, delayMs, isEndless, isCrash, act });
  }

  #set(
    uid: string,
    { clock, delayMs, isEndless, isCrash, act }: Omit<Turn, "dueMs" | "cancel"> & {
      readonly clock: Clock;
      readonly delayMs: number;
    },
  ): void {
    const cancel = clock.after(delayMs, () => {
      this.#turns.delete(uid);
      const pod = this.#ports.store.byUid(uid)?.object;
      if (pod !== undefined) act(pod);
    });
    this.#turns.set(uid, { dueMs: clock.now() + delayMs, isEndless, isCrash, act, cancel });
  }

  #stop(uid: string): void {
    this.#turns.get(uid)?.cancel();
    this.#turns.delete(uid);
  }

  #now(): string {
    return timestamp(this.#ports.clock.now());
  }
}

/** How long a container waits after so many crashes. */
function backOffAfter(crashes: number): number {
  return Math.min(FIRST_BACK_OFF_MS * 2 ** (crashes - 1), BACK_OFF_MAX_MS);
}
