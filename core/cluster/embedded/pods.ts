import { PODS } from "../../api/names/resources.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { isTrue, withConditions } from "./condition.ts";
import { CrashLoops } from "./crash_loops.ts";
import { ImageTroubles } from "./image_troubles.ts";
import { type InCluster, KUBELET, SCHEDULER } from "./in_cluster.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import {
  containersOf,
  crashedContainers,
  creatingContainers,
  pulledContainers,
  runningContainers,
  unreadyCondition,
} from "./pod_containers.ts";
import { unschedulable } from "./scheduling.ts";
import type { Change } from "./store.ts";
import { timestamp } from "./timestamp.ts";

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
  readonly delayMs: number;
  timer: Cancel | undefined;
}

/** What happens to pods: they are placed, start, get ready, or fail to. */
export class Pods {
  readonly #cluster: InCluster;
  readonly #starts = new Map<string, Start>();
  readonly #troubles = new ImageTroubles();
  readonly #crashLoops: CrashLoops;
  /** How many pods have a place at most; undefined: as many as come. */
  #places: number | undefined;
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
    cluster.store.onChange((change) => this.#notice(change));
    this.#crashLoops = new CrashLoops({
      ...cluster,
      troubles: this.#troubles,
      housekeepingClock,
      writeStatus: (pod, fields, conditions) => this.#writeStatus(pod, fields, conditions),
      runningConditions,
    });
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

  #placed(): number {
    const { store, kinds } = this.#cluster;
    return store.list(kinds.find(PODS)).filter(({ spec }) =>
      fieldsOf(spec)["nodeName"] !== undefined
    ).length;
  }

  #lookAtAll(): void {
    const { store, kinds } = this.#cluster;
    for (const { metadata } of store.list(kinds.find(PODS))) this.#soon(metadata.uid ?? "");
  }

  #notice({ kind, type, object }: Change): void {
    if (kind.type !== PODS) return;
    const { uid = "" } = object.metadata;
    if (type !== "DELETED") return this.#soon(uid);
    this.#starts.get(uid)?.timer?.();
    this.#starts.delete(uid);
    if (this.#places !== undefined) this.#lookAtAll();
  }

  #soon(uid: string): void {
    this.#cluster.work.addOnce(`pod ${uid}`, () => this.#react(uid));
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
    const number = this.#addresses++;
    const podIP = `10.244.${number >> 8}.${number & 255}`;
    this.#starts.set(pod.metadata.uid ?? "", {
      placedMs: this.#cluster.clock.now(),
      delayMs: Math.max(this.#startMs, probeDelayMs(pod)),
      timer: undefined,
    });
    this.#writeStatus(pod, {
      hostIP: NODE_ADDRESS,
      hostIPs: [{ ip: NODE_ADDRESS }],
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: this.#now(),
      containerStatuses: creatingContainers(pod),
    }, [
      { type: "PodReadyToStartContainers", status: "True" },
      { type: "Initialized", status: "True" },
      ...unreadyCondition(pod),
      { type: "PodScheduled", status: "True" },
    ]);
  }

  /** Runs the pod once its time has come; what cannot be pulled fails before that. */
  #start(pod: KubeObject): void {
    const isFailing = (container: Fields) => this.#troubles.isUnpullable(container);
    const isAnyFailing = containersOf(pod).some(isFailing);
    const start = this.#starts.get(pod.metadata.uid ?? "");
    if (start === undefined) return;
    const { placedMs, delayMs } = start;
    const delay = isAnyFailing ? Math.min(PULL_FAILS_AFTER_MS, delayMs) : delayMs;
    if (!this.#isDue(pod, start, placedMs + delay)) return;
    const now = this.#now();
    if (isAnyFailing) {
      this.#writeStatus(pod, { containerStatuses: pulledContainers(pod, { now, isFailing }) });
    } else if (containersOf(pod).some(isCrashing)) {
      // Quirk(exit-1-crashes): a command with `exit 1` in it stands for one that fails.
      const backOffMs = EXIT_BACK_OFF_MS;
      const containerStatuses = crashedContainers(pod, { now, isCrashing, backOffMs });
      this.#writeStatus(pod, { phase: "Running", containerStatuses });
    } else {
      const containerStatuses = runningContainers(pod, now);
      this.#writeStatus(pod, { phase: "Running", containerStatuses }, runningConditions(pod));
    }
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
    const gates = listOf(fieldsOf(pod["spec"])["readinessGates"]);
    if (gates.length === 0 || !isTrue(pod, "ContainersReady")) return;
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

function areGatesOpen(pod: KubeObject): boolean {
  return listOf(fieldsOf(pod["spec"])["readinessGates"])
    .every((gate) => isTrue(pod, String(fieldsOf(gate)["conditionType"])));
}

function readyCondition(pod: KubeObject): Fields {
  return areGatesOpen(pod) ? { type: "Ready", status: "True" } : SHUT;
}

/** The conditions of a pod whose containers all run. */
function runningConditions(pod: KubeObject): readonly Fields[] {
  return [{ type: "ContainersReady", status: "True" }, readyCondition(pod)];
}

function isCrashing({ command, args }: Fields): boolean {
  return [...listOf(command), ...listOf(args)].join(" ").includes("exit 1");
}

function probeDelayMs(pod: KubeObject): number {
  const probe = fieldsOf(containersOf(pod)[0]?.["readinessProbe"]);
  return Number(probe["initialDelaySeconds"] ?? 0) * 1000;
}
