import { PODS } from "../../api/names/resources.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue, withConditions } from "./condition.ts";
import { CrashLoops, type EndlessCrashes } from "./crash_loops.ts";
import { ImageTroubles } from "./image_troubles.ts";
import { type InCluster, KUBELET, SCHEDULER } from "./in_cluster.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import {
  blockedContainers,
  containersOf,
  crashedContainers,
  creatingContainers,
  heldContainers,
  initContainersOf,
  initializedCondition,
  isBackingOff,
  isRunning,
  isSidecar,
  lastingContainersOf,
  pulledContainers,
  runningContainers,
  unreadyCondition,
} from "./pod_containers.ts";
import { hasStartupProbe, probedAfterMs } from "./pod_start.ts";
import { unschedulable } from "./scheduling.ts";
import type { Change } from "./store.ts";
import { timestamp } from "../../api/values/time.ts";

const NODE = "node-1";
const NODE_ADDRESS = "10.1.0.1";
/** Pods have addresses in 10.244.0.0/16; the first ones belong to the nodes. */
const FIRST_ADDRESS = 10;
const PULL_FAILS_AFTER_MS = 400;
/** The back-off of a command that fails at once; nobody waits for its end. */
const EXIT_BACK_OFF_MS = 10_000;

interface Start {
  /** When the pod was placed. */
  readonly placedMs: number;
  /** How long pods took to start then. */
  readonly startMs: number;
  readonly delayMs: number;
  timer: Cancel | undefined;
}

/** What happens to pods: they are placed, start, get ready, or fail to. */
export class Pods {
  readonly #cluster: InCluster;
  /** Has a pod looked at, by its uid. */
  readonly #soon: (uid: string) => void;
  readonly #starts = new Map<string, Start>();
  readonly #troubles = new ImageTroubles();
  readonly #crashLoops: CrashLoops;
  /** How many pods have a place at most; undefined: as many as come. */
  #places: number | undefined;
  /** The readiness gates that somebody opens as soon as a pod runs. */
  readonly #openGates = new Set<string>();
  #startMs: number;
  #addresses = FIRST_ADDRESS;

  constructor(
    cluster: InCluster,
    { startMs, housekeepingClock }: {
      readonly startMs: number;
      readonly housekeepingClock: Clock;
    },
  ) {
    this.#cluster = cluster;
    this.#startMs = startMs;
    this.#soon = cluster.work.once((uid) => this.#react(uid));
    cluster.store.onChange((change) => this.#notice(change));
    this.#crashLoops = new CrashLoops({
      ...cluster,
      troubles: this.#troubles,
      housekeepingClock,
      writeStatus: (pod, fields, conditions) => this.#writeStatus(pod, fields, conditions),
      runningConditions,
    });
  }

  /** Pods that crash again and again, and wait as long as they ever will in between. */
  get endlessCrashes(): EndlessCrashes {
    return this.#crashLoops.endless;
  }

  /** How long pods that are placed from now on take to get ready. */
  setStart(ms: number): void {
    this.#startMs = ms;
  }

  /** Pods with this image, present ones too, never get ready; ready ones stay. */
  failImage(image: string): void {
    this.#troubles.failPulls(image);
    this.#lookAtAll();
  }

  /** Containers of this image crash so long after they got ready, again and again. */
  crashImage(image: string, afterMs: number): void {
    this.#troubles.crash(image, afterMs);
    this.#lookAtAll();
  }

  /** Pods with this image fit on no node; those that have one stay. */
  strandImage(image: string): void {
    this.#troubles.failScheduling(image);
    this.#lookAtAll();
  }

  /** Pods with this image run from now on and never get ready; ready ones stay. */
  holdImage(image: string): void {
    this.#troubles.failReadiness(image);
    this.#lookAtAll();
  }

  /** Goes on with a pod that was read from another cluster. */
  resume(pod: KubeObject): void {
    if (isBackingOff(pod) && !lastingContainersOf(pod).some(isFailing)) {
      this.#crashLoops.resume(pod);
    }
  }

  /** What a pod says that has been running, and ready, since then. */
  runningStatus(pod: KubeObject, since: string): Fields {
    const conditions = [
      { type: "PodReadyToStartContainers", status: "True" },
      initializedCondition(pod, true),
      ...runningConditions(pod),
      { type: "PodScheduled", status: "True" },
    ];
    return {
      phase: "Running",
      ...this.#newAddresses(),
      startTime: since,
      ...runningContainers(pod, since),
      conditions: withConditions(pod, conditions, since),
    };
  }

  #newAddresses(): Fields {
    const number = this.#addresses++;
    const podIP = `10.244.${number >> 8}.${number & 255}`;
    return {
      hostIP: NODE_ADDRESS,
      hostIPs: [{ ip: NODE_ADDRESS }],
      podIP,
      podIPs: [{ ip: podIP }],
    };
  }

  /** Nothing is wrong with this image any more. */
  healImage(image: string): void {
    this.#troubles.heal(image);
    this.#crashLoops.noticeHealing();
    this.#lookAtAll();
  }

  /** Whether there is no place for any further pod; one that goes leaves its place to the next. */
  fillNodes(areFull: boolean): void {
    this.#places = areFull ? this.#placed() : undefined;
    this.#lookAtAll();
  }

  /** Opens a readiness gate of all pods that have it, also of those to come, or shuts it. */
  setGate(conditionType: string, isOpen: boolean): void {
    if (isOpen) this.#openGates.add(conditionType);
    else this.#openGates.delete(conditionType);
    for (const pod of this.#all()) {
      if (!isOpen && isTrue(pod, conditionType) && gatesOf(pod).includes(conditionType)) {
        this.#writeStatus(pod, {}, [{ type: conditionType, status: "False" }]);
      } else this.#soon(pod.metadata.uid ?? "");
    }
  }

  #all(): readonly KubeObject[] {
    const { store, kinds } = this.#cluster;
    return store.list(kinds.find(PODS));
  }

  #placed(): number {
    return this.#all().filter(({ spec }) => fieldsOf(spec)["nodeName"] !== undefined).length;
  }

  #lookAtAll(): void {
    for (const { metadata } of this.#all()) this.#soon(metadata.uid ?? "");
  }

  #notice({ kind, type, object }: Change): void {
    if (kind.type !== PODS) return;
    const { uid = "" } = object.metadata;
    if (type !== "DELETED") return this.#soon(uid);
    this.#starts.get(uid)?.timer?.();
    this.#starts.delete(uid);
    if (this.#places !== undefined) this.#lookAtAll();
  }

  #react(uid: string): void {
    const pod = this.#cluster.store.byUid(uid)?.object;
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    const status = fieldsOf(pod["status"]);
    const { nodeName, schedulerName } = fieldsOf(pod["spec"]);
    if (nodeName === undefined) {
      // Other schedulers there are none.
      if (schedulerName === "default-scheduler") this.#schedule(pod);
    } else if (status["containerStatuses"] === undefined) this.#create(pod);
    else if (status["phase"] === "Pending") this.#start(pod);
    else if (status["phase"] === "Running") this.#follow(pod);
  }

  #schedule(pod: KubeObject): void {
    const isFull = this.#places !== undefined && this.#placed() >= this.#places;
    const node = { isFull, troubles: this.#troubles };
    const refusal = unschedulable(pod, node);
    if (refusal === undefined) return this.#create(this.#place(pod));
    const conditions = withConditions(pod, [refusal], this.#now());
    const status = { ...fieldsOf(pod["status"]), conditions };
    this.#cluster.api.update(SCHEDULER, PODS, { ...pod, status }, { subresource: "status" });
  }

  #place(pod: KubeObject): KubeObject {
    const spec = { ...fieldsOf(pod["spec"]), nodeName: NODE };
    return this.#cluster.api.update(SCHEDULER, PODS, { ...pod, spec });
  }

  /** Gives the pod its addresses; its containers are being created from now on. */
  #create(pod: KubeObject): void {
    this.#startOf(pod);
    this.#writeStatus(pod, {
      ...this.#newAddresses(),
      startTime: this.#now(),
      ...creatingContainers(pod),
    }, [
      { type: "PodReadyToStartContainers", status: "True" },
      initializedCondition(pod, false),
      ...unreadyCondition(pod),
      { type: "PodScheduled", status: "True" },
    ]);
  }

  /** Runs the pod once its time has come; what cannot be pulled fails before that. */
  #start(pod: KubeObject): void {
    const isUnpullable = (container: Fields) => this.#troubles.isUnpullable(container);
    const blocker = initContainersOf(pod).find((container) => this.#isBlocking(container));
    const isAnyUnpullable = blocker === undefined
      ? containersOf(pod).some(isUnpullable)
      : isUnpullable(blocker);
    const start = this.#startOf(pod);
    const { placedMs, startMs, delayMs } = start;
    const delay = isAnyUnpullable
      ? Math.min(PULL_FAILS_AFTER_MS, delayMs)
      : blocker === undefined
      ? delayMs
      : startMs;
    if (!this.#isDue(pod, start, placedMs + delay)) return;
    const now = this.#now();
    const backOffMs = EXIT_BACK_OFF_MS;
    if (blocker !== undefined) {
      this.#writeStatus(pod, blockedContainers(pod, { now, blocker, isUnpullable, backOffMs }));
    } else if (isAnyUnpullable) {
      const statuses = pulledContainers(pod, { now, isFailing: isUnpullable });
      this.#writeStatus(pod, statuses, [initializedCondition(pod, true)]);
    } else if (lastingContainersOf(pod).some(isFailing)) {
      // Quirk(exit-1-crashes): a command with `exit 1` in it stands for one that fails.
      const statuses = crashedContainers(pod, { now, isCrashing: isFailing, backOffMs });
      const conditions = [initializedCondition(pod, true)];
      this.#writeStatus(pod, { phase: "Running", ...statuses }, conditions);
    } else if (this.#isHeld(pod)) {
      const isHeld = (container: Fields) => this.#troubles.isUnready(container);
      const statuses = heldContainers(pod, { now, isHeld });
      const conditions = [initializedCondition(pod, true), ...unreadyCondition(pod, isHeld)];
      this.#writeStatus(pod, { phase: "Running", ...statuses }, conditions);
    } else {
      const statuses = runningContainers(pod, now);
      const conditions = [initializedCondition(pod, true), ...runningConditions(pod)];
      this.#writeStatus(pod, { phase: "Running", ...statuses }, conditions);
    }
  }

  /** How a pod starts; one that was read while it was starting begins now. */
  #startOf(pod: KubeObject): Start {
    const { uid = "" } = pod.metadata;
    const known = this.#starts.get(uid);
    if (known !== undefined) return known;
    const start: Start = {
      placedMs: this.#cluster.clock.now(),
      startMs: this.#startMs,
      delayMs: Math.max(this.#startMs, probedAfterMs(pod)),
      timer: undefined,
    };
    this.#starts.set(uid, start);
    return start;
  }

  /** Whether some of its containers run without getting ready. */
  #isHeld(pod: KubeObject): boolean {
    return lastingContainersOf(pod).some((container) => this.#troubles.isUnready(container));
  }

  /** Whether an init container keeps those after it from starting. */
  #isBlocking(container: Fields): boolean {
    if (this.#troubles.isUnpullable(container)) return true;
    // A sidecar holds the others up only until it has started.
    if (isSidecar(container)) return hasStartupProbe(container) && isFailing(container);
    return isFailing(container) || this.#troubles.crashesAfterMs(container) !== undefined;
  }

  /** True when that time has come; else the pod is looked at again then. */
  #isDue(pod: KubeObject, start: Start, dueMs: number): boolean {
    start.timer?.();
    start.timer = undefined;
    const waitMs = dueMs - this.#cluster.clock.now();
    if (waitMs <= 0) return true;
    const { uid = "" } = pod.metadata;
    start.timer = this.#cluster.clock.after(waitMs, () => this.#react(uid));
    return false;
  }

  /** Ready follows the readiness gates; what else happens to running pods are crashes. */
  #follow(pod: KubeObject): void {
    this.#starts.delete(pod.metadata.uid ?? "");
    this.#crashLoops.follow(pod);
    // It runs without being ready, for no reason any more.
    if (!isTrue(pod, "ContainersReady") && isRunning(pod) && !this.#isHeld(pod)) {
      return this.#writeStatus(pod, runningContainers(pod, this.#now()), runningConditions(pod));
    }
    const gates = gatesOf(pod);
    if (gates.length === 0 || !isTrue(pod, "ContainersReady")) return;
    const opened = gates.filter((gate) => this.#openGates.has(gate) && !isTrue(pod, gate));
    if (opened.length > 0) {
      const conditions = opened.map((type) => ({ type, status: "True" }));
      return this.#writeStatus(pod, {}, conditions);
    }
    if (areGatesOpen(pod) === isTrue(pod, "Ready")) return;
    this.#writeStatus(pod, {}, [readyCondition(pod)]);
  }

  #writeStatus(pod: KubeObject, fields: Fields, conditions: readonly Fields[] = []): void {
    const status = {
      ...fieldsOf(pod["status"]),
      ...fields,
      ...(conditions.length === 0
        ? {}
        : { conditions: withConditions(pod, conditions, this.#now()) }),
    };
    this.#cluster.api.update(KUBELET, PODS, { ...pod, status }, { subresource: "status" });
  }

  #now(): string {
    return timestamp(this.#cluster.clock.now());
  }
}

const SHUT: Fields = Object.freeze({
  type: "Ready",
  status: "False",
  reason: "ReadinessGatesNotReady",
  message: "the readiness gates are not all open",
});

/** The conditions that a pod wants to be true beside those of its containers. */
function gatesOf(pod: KubeObject): string[] {
  return listOf(fieldsOf(pod["spec"])["readinessGates"])
    .map((gate) => String(fieldsOf(gate)["conditionType"]));
}

function areGatesOpen(pod: KubeObject): boolean {
  return gatesOf(pod).every((gate) => isTrue(pod, gate));
}

function readyCondition(pod: KubeObject): Fields {
  return areGatesOpen(pod) ? { type: "Ready", status: "True" } : SHUT;
}

/** The conditions of a pod whose containers all run. */
function runningConditions(pod: KubeObject): readonly Fields[] {
  return [{ type: "ContainersReady", status: "True" }, readyCondition(pod)];
}

function isFailing({ command, args }: Fields): boolean {
  return [...listOf(command), ...listOf(args)].join(" ").includes("exit 1");
}
