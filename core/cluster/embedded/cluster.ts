import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES, PODS } from "../../api/names/resources.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { Cluster, Selection } from "../../ports/cluster.ts";
import type { ObjectRef } from "../../../sdk/wire/write.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { Addresses } from "./addresses.ts";
import { Api, type WriteReport } from "./api.ts";
import { Client } from "./client.ts";
import { Definitions } from "./definitions.ts";
import { Deployments } from "./deployments/deployments.ts";
import { Disruptions } from "./disruptions.ts";
import { Endpoints } from "./endpoints.ts";
import { Garbage } from "./garbage.ts";
import { API_SERVER } from "./caller.ts";
import type { InCluster } from "./in_cluster.ts";
import { copyJson } from "./json.ts";
import { Kinds } from "./kinds.ts";
import { LabelIndex } from "./label_index.ts";
import { Namespaces } from "./namespaces.ts";
import { PendingWork } from "./pending_work.ts";
import type { EndlessCrashes } from "./crash_loops.ts";
import { Pods } from "./pods.ts";
import { limitPods, Quotas } from "./quotas.ts";
import { ReplicaSets } from "./replica_sets.ts";
import { restore } from "./restore.ts";
import { Store } from "./store.ts";
import { Watches } from "./watches.ts";

const POD_START_MS = 1200;
const EVENT_WINDOW = 10_000;
const FIRST_NAMESPACES = ["default", "kube-system"];

/** What a cluster is made of. */
export interface EmbeddedClusterOptions {
  readonly clock: Clock;
  /** Times bookmarks and the ends of watches; the clock itself when absent. */
  readonly housekeepingClock?: Clock;
  readonly random: Random;
  /** How long pods take to get ready; 1200. */
  readonly podStartMs?: number;
  /** How many changes a watch may be behind; 10,000. */
  readonly eventWindow?: number;
  /** CustomResourceDefinitions that are there from the beginning. */
  readonly customResources?: readonly KubeObject[];
}

/**
 * A Kubernetes cluster in memory: an API server, and the controllers that make pods of ReplicaSets
 * and endpoints of pods. Nothing in it moves by itself: its work is done by `step` and `settle`,
 * and by the timers of its clock.
 */
export class EmbeddedCluster {
  readonly #api: Api;
  readonly #kinds = new Kinds();
  readonly #store: Store;
  readonly #watches: Watches;
  readonly #work = new PendingWork();
  readonly #pods: Pods;
  readonly #inCluster: InCluster;

  constructor(options: EmbeddedClusterOptions) {
    const { clock, random, podStartMs = POD_START_MS, eventWindow = EVENT_WINDOW } = options;
    const [kinds, work] = [this.#kinds, this.#work];
    const store = new Store(eventWindow);
    const api = new Api({ clock, random, store, kinds, addresses: new Addresses(store) });
    this.#store = store;
    this.#api = api;
    const housekeepingClock = options.housekeepingClock ?? clock;
    this.#watches = new Watches({ clock: housekeepingClock, store, work });
    new Definitions(store, kinds, this.#watches);
    const podLabels = new LabelIndex(store, kinds.find(PODS));
    const inCluster = { api, store, kinds, clock, random, work, podLabels };
    this.#inCluster = inCluster;
    new Garbage(inCluster);
    new Namespaces(inCluster);
    new ReplicaSets(inCluster);
    new Deployments(inCluster);
    this.#pods = new Pods(inCluster, { startMs: podStartMs, housekeepingClock });
    new Endpoints(inCluster);
    new Quotas(inCluster);
    new Disruptions(inCluster);
    for (const name of FIRST_NAMESPACES) {
      api.create(API_SERVER, NAMESPACES, {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
      });
    }
    for (const definition of options.customResources ?? []) {
      api.create(API_SERVER, CUSTOM_RESOURCE_DEFINITIONS, copyJson(definition));
    }
  }

  /** The cluster as one of its users sees it; writes are reported under this name. */
  client(userAgent: string): Cluster {
    const [api, kinds, watches, work] = [this.#api, this.#kinds, this.#watches, this.#work];
    return new Client({ api, kinds, watches, work }, userAgent);
  }

  /** Does one piece of work: delivers an event to a watch, or lets a controller react once. */
  step(): boolean {
    return this.#work.step();
  }

  /** Works until nothing is left to do at this moment. */
  settle(): void {
    while (this.#work.step());
  }

  /** The objects of a type right now. */
  objects(type: ResourceType, selection?: Selection): readonly KubeObject[] {
    return this.#api.list(type, selection).items;
  }

  /** The objects of a type that the owner of this uid controls, sorted by name. */
  controlledBy(uid: string | undefined, type: ResourceType): readonly KubeObject[] {
    return uid === undefined ? [] : this.#store.controlledBy(uid, this.#kinds.find(type));
  }

  /** One object right now; undefined when there is none. */
  object(type: ResourceType, { namespace, name }: ObjectRef): KubeObject | undefined {
    return this.#store.get(this.#kinds.find(type), namespace, name);
  }

  /** Tells of every write that was not refused, also of those that changed nothing. */
  onWrite(listener: (write: WriteReport) => void): void {
    this.#api.onWrite(listener);
  }

  /** Pods that crash again and again, in rounds that are all alike. */
  get endlessCrashes(): EndlessCrashes {
    return this.#pods.endlessCrashes;
  }

  /** How long pods that start from now on take to get ready. */
  setPodStart(ms: number): void {
    this.#pods.setStart(ms);
  }

  /** Pods with this image that are not ready yet never get so. */
  failImage(image: string): void {
    this.#pods.failImage(image);
  }

  /** Containers of this image crash so long after each time that they got ready. */
  crashImage(image: string, afterMs: number): void {
    this.#pods.crashImage(image, afterMs);
  }

  /** Pods with this image fit on no node; those that have one stay. */
  strandImage(image: string): void {
    this.#pods.strandImage(image);
  }

  /** Takes back whatever was made to be wrong with this image. */
  healImage(image: string): void {
    this.#pods.healImage(image);
  }

  /** Leaves no place for further pods, or makes place again. */
  fillNodes(areFull: boolean): void {
    this.#pods.fillNodes(areFull);
  }

  /** Opens a readiness gate of all pods that have it, also of those to come, or shuts it. */
  setGate(conditionType: string, isOpen: boolean): void {
    this.#pods.setGate(conditionType, isOpen);
  }

  /** Gives every namespace a quota of so many pods; undefined takes it away again. */
  limitPods(count: number | undefined): void {
    limitPods(this.#api, count);
  }

  /** Puts objects in as they were read from a cluster. @throws {RestoreRefused} */
  restore(userAgent: string, objects: readonly KubeObject[]): void {
    restore(this.#inCluster, { userAgent, pods: this.#pods }, objects);
  }

  /** Pods with this image run from now on without ever getting ready; ready ones stay. */
  holdImage(image: string): void {
    this.#pods.holdImage(image);
  }

  /** Forgets all history: a watch from an older resourceVersion is told to list again. */
  compact(): void {
    this.#store.forget();
  }

  /** Ends every open watch in good order. */
  dropWatches(): void {
    this.#watches.endAll();
  }
}
