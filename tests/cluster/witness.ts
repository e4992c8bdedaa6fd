/**
 * Looks at a fleet all the time, as far as the API server answers, and tells afterwards what it saw:
 * pods that were missing, routes that did not add up, steps and Services that went back.
 */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import { EVENTS, PODS, REPLICA_SETS, ROLLOUTS, SERVICES } from "../../core/api/names/resources.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { type Cluster, sleep } from "../../core/ports/mod.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { type MixedFleet, REPLICAS, sortOf, VIRTUAL_SERVICES } from "./mixed_fleet.ts";

const HASH = "rollouts-pod-template-hash";
const LOOK_MS = 100;

/** What it is told to look at. */
export interface Scene {
  readonly user: Cluster;
  readonly namespace: string;
  readonly fleet: Pick<MixedFleet, "names" | "revisions">;
  /** The updates are given up on purpose: who was told so is Degraded, and back at its first step. */
  readonly isAborted?: boolean;
  /** So many pods of each may be missing: something takes them away on purpose. */
  readonly mayMiss?: number;
  /** Reasons of warnings that are meant to come. */
  readonly warnings?: readonly string[];
}

/** What was there before and after the pods were looked at. */
interface Look {
  readonly before: readonly KubeObject[];
  readonly after: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

export class Witness {
  readonly #scene: Scene;
  readonly #faults = new Set<string>();
  /** What was seen of one thing, in turn: `canary-1 step` → 0, 1, 2. */
  readonly #stories = new Map<string, (string | number)[]>();
  readonly #watching: Promise<void>;
  #isOver = false;
  #looks = 0;

  /** Begins when the fleet is at rest, with an update to come. */
  constructor(scene: Scene) {
    this.#scene = scene;
    this.#watching = this.#watch();
  }

  /** Ends looking, and fails when something was not as it must be. */
  async judge(what: string): Promise<void> {
    this.#isOver = true;
    await this.#watching;
    const { user, namespace, fleet, warnings = [] } = this.#scene;
    await this.#look();
    assert.deepEqual([...this.#faults], [], what);
    assert.ok(this.#looks > 5, `it looked ${this.#looks} times, ${what}`);
    for (const [name, story] of this.#stories) {
      assert.equal(new Set(story).size, story.length, `${name} goes back: ${story}, ${what}`);
    }
    const sets = (await user.list(REPLICA_SETS, { namespace })).items;
    for (const name of fleet.names) {
      const own = sets.filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
      assert.equal(own.length, fleet.revisions, `ReplicaSets of ${name}, ${what}`);
      const pods = own.map(({ spec }) => fieldsOf(spec)["replicas"]).filter((count) => count !== 0);
      assert.deepEqual(pods, [REPLICAS], `pods of ${name}, ${what}`);
    }
    const { items } = await user.list(EVENTS, { namespace });
    const bad = items.filter((event) => {
      const { kind, name } = fieldsOf(event["involvedObject"]);
      const isOurs = kind === "Rollout" && fleet.names.includes(String(name));
      const isMeant = warnings.includes(String(event["reason"]));
      return event["type"] === "Warning" && isOurs && !isMeant;
    });
    assert.deepEqual(bad.map((event) => `${event["reason"]}: ${event["message"]}`), [], what);
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await this.#look().catch(() => {});
      await sleep(systemClock, LOOK_MS);
    }
  }

  async #look(): Promise<void> {
    const { user, namespace, fleet, mayMiss = 0 } = this.#scene;
    const list = async (type: typeof PODS) => (await user.list(type, { namespace })).items;
    const before = await list(SERVICES);
    const routes = await list(VIRTUAL_SERVICES);
    const pods = (await list(PODS)).filter(isReady);
    const after = await list(SERVICES);
    const stillRoutes = await list(VIRTUAL_SERVICES);
    const rollouts = await list(ROLLOUTS) as Rollout[];
    this.#looks++;
    for (const name of fleet.names) {
      const own = pods.filter(({ metadata }) => metadata.labels?.["app"] === name);
      // A quarter may be missing by default; who users reach is complete in the two other sorts.
      const least = (sortOf(name) === "canary" ? REPLICAS - 1 : REPLICAS) - mayMiss;
      if (own.length < least) this.#fault(`${name} has ${own.length} available pods`);
      const selected = selectedBy(before, `${name}-a`);
      if (selected === undefined || selected !== selectedBy(after, `${name}-a`)) continue;
      const reached = own.filter(({ metadata }) => metadata.labels?.[HASH] === selected).length;
      const wanted = sortOf(name) === "canary" ? 1 : REPLICAS - mayMiss;
      if (reached < wanted) this.#fault(`Service ${name}-a reaches ${reached} pods`);
      this.#note(`Service ${name}-a`, selected);
    }
    for (const route of routes) this.#onRoute(route);
    // What was changed in between cannot be held against what was seen in between.
    const stayed = routes.filter(({ metadata: { uid, resourceVersion } }) =>
      stillRoutes.some(({ metadata }) =>
        metadata.uid === uid && metadata.resourceVersion === resourceVersion
      )
    );
    for (const route of stayed) this.#onShares(route, { before, after, pods });
    // Others stand beside it; one of them is meant to be aborted.
    const ours = rollouts.filter(({ metadata }) => fleet.names.includes(metadata.name));
    for (const rollout of ours) this.#onRollout(rollout);
  }

  #onRoute({ metadata: { name }, spec }: KubeObject): void {
    const [http] = listOf(fieldsOf(spec)["http"]).map(fieldsOf);
    const weights = listOf(http?.["route"]).map((each) => Number(fieldsOf(each)["weight"] ?? 0));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) this.#fault(`the weights of ${name} are ${weights}`);
    // At the end everything goes back to the stable Service.
    const [, canary = 0] = weights;
    // Where pods go, their share goes, and comes back with them.
    if (canary > 0 && this.#scene.mayMiss !== REPLICAS) this.#note(`weight of ${name}`, canary);
  }

  /** Nobody has a larger share of the traffic than of the pods: rules S1 and S2. */
  #onShares({ metadata: { name }, spec }: KubeObject, { before, after, pods }: Look): void {
    const [http] = listOf(fieldsOf(spec)["http"]).map(fieldsOf);
    for (const { destination, weight } of listOf(http?.["route"]).map(fieldsOf)) {
      const host = String(fieldsOf(destination)["host"]);
      const selected = selectedBy(before, host);
      if (selected === undefined || selected !== selectedBy(after, host)) continue;
      const reached = pods.filter(({ metadata: { labels } }) =>
        labels?.["app"] === name && labels?.[HASH] === selected
      ).length;
      const { mayMiss = 0 } = this.#scene;
      const most = Math.ceil(100 * (reached + mayMiss) / REPLICAS);
      if (Number(weight ?? 0) > most) {
        this.#fault(`${host} has ${reached} pods and ${weight} % of the traffic`);
      }
    }
  }

  #onRollout({ metadata: { name }, status }: Rollout): void {
    if (this.#scene.isAborted && status?.abort === true) return;
    if (status?.abort === true) this.#fault(`${name} was aborted`);
    if (status?.phase === "Degraded") this.#fault(`${name} is Degraded: ${status.message}`);
    const { currentStepIndex, currentPodHash } = status ?? {};
    if (typeof currentStepIndex !== "number") return;
    this.#note(`${name} ${currentPodHash} step`, currentStepIndex);
  }

  #fault(text: string): void {
    this.#faults.add(text);
  }

  #note(name: string, value: string | number): void {
    const story = this.#stories.get(name) ?? [];
    this.#stories.set(name, story);
    if (story.at(-1) !== value) story.push(value);
  }
}

export function isReady({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined &&
    listOf(fieldsOf(status)["conditions"]).map(fieldsOf)
      .some((each) => each["type"] === "Ready" && each["status"] === "True");
}

function selectedBy(services: readonly KubeObject[], name: string): string | undefined {
  const service = services.find(({ metadata }) => metadata.name === name);
  const hash = fieldsOf(fieldsOf(service?.["spec"])["selector"])[HASH];
  return typeof hash === "string" ? hash : undefined;
}
