import { PODS } from "../../api/resources.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue } from "./condition.ts";
import type { ImageTroubles } from "./image_troubles.ts";
import type { InCluster } from "./in_cluster.ts";
import type { Fields } from "./json.ts";
import {
  containersOf,
  crashedContainers,
  crashesOf,
  restartedContainers,
  unreadyCondition,
} from "./pod_containers.ts";
import type { Change } from "./store.ts";
import { timestamp } from "./timestamp.ts";

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

/** Lets containers run for a while, crash, wait longer each time, and run again: Ready flaps. */
export class CrashLoops {
  readonly #ports: CrashLoopPorts;
  /** What happens next to a pod. */
  readonly #timers = new Map<string, Cancel>();

  constructor(ports: CrashLoopPorts) {
    this.#ports = ports;
    ports.store.onChange(({ kind, type, object }: Change) => {
      if (kind.type === PODS && type === "DELETED") this.#stop(object.metadata.uid ?? "");
    });
  }

  /** Looks at a pod that runs: does one of its containers crash, and when? */
  follow(pod: KubeObject): void {
    const { uid = "" } = pod.metadata;
    if (this.#timers.has(uid) || !isTrue(pod, "ContainersReady")) return;
    const delays = containersOf(pod)
      .flatMap((container) => this.#ports.troubles.crashesAfterMs(container) ?? []);
    if (delays.length === 0) return;
    this.#later(uid, { delayMs: Math.min(...delays), crashes: crashesOf(pod) }, (now) => {
      this.#crash(now);
    });
  }

  #crash(pod: KubeObject): void {
    const isCrashing = (container: Fields) =>
      this.#ports.troubles.crashesAfterMs(container) !== undefined;
    // It may have been healed meanwhile.
    if (!containersOf(pod).some(isCrashing)) return;
    const { uid = "" } = pod.metadata;
    const crashes = crashesOf(pod) + 1;
    const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** (crashes - 1), BACK_OFF_MAX_MS);
    const containerStatuses = crashedContainers(pod, { now: this.#now(), isCrashing, backOffMs });
    this.#later(uid, { delayMs: backOffMs, crashes }, (now) => this.#restart(now));
    this.#ports.writeStatus(pod, { containerStatuses }, unreadyCondition(pod, isCrashing));
  }

  #restart(pod: KubeObject): void {
    const containerStatuses = restartedContainers(pod, this.#now());
    this.#ports.writeStatus(pod, { containerStatuses }, this.#ports.runningConditions(pod));
  }

  /** Once the back-off has its full length, every round is like the last: housekeeping. */
  #later(
    uid: string,
    { delayMs, crashes }: { readonly delayMs: number; readonly crashes: number },
    act: (pod: KubeObject) => void,
  ): void {
    const isGrowing = FIRST_BACK_OFF_MS * 2 ** (crashes - 1) < BACK_OFF_MAX_MS;
    const clock = isGrowing ? this.#ports.clock : this.#ports.housekeepingClock;
    const cancel = clock.after(delayMs, () => {
      this.#timers.delete(uid);
      const pod = this.#ports.store.byUid(uid)?.object;
      if (pod !== undefined) act(pod);
    });
    this.#timers.set(uid, cancel);
  }

  #stop(uid: string): void {
    this.#timers.get(uid)?.();
    this.#timers.delete(uid);
  }

  #now(): string {
    return timestamp(this.#ports.clock.now());
  }
}
