/**
 * Finds a controller in another namespace that looks after the same objects. A Lease protects only
 * within its namespace: two installations would never hear of each other.
 */
import { DEPLOYMENTS, LEASES } from "../../api/names/resources.ts";
import { ApiError, isForbidden, isNotFound, UnreachableError } from "../../ports/api_error.ts";
import { type Clock, sleep } from "../../ports/clock.ts";
import type { Cluster, Selection } from "../../ports/cluster.ts";
import type { Log } from "../../ports/log.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { type LeaseRecord, recordOf } from "./lease.ts";
import { overlap, type Reach, reachOf } from "./reach.ts";

/** How Deployments of the controller are found: by its label, or by its name. */
const SELECTIONS: readonly Selection[] = [
  { labelSelector: "app.kubernetes.io/component=rollouts-controller" },
  { fieldSelector: "metadata.name=argo-rollouts" },
];
const LOOK_AGAIN_MS = 1_000;
/** A Lease that asks for more is not waited for. */
const WAIT_MAX_MS = 60_000;

export interface OtherControllersOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** Where this controller runs: there the Lease protects. */
  readonly namespace: string;
  /** The name of the Lease, which is that of every controller with the same instance id. */
  readonly lease: string;
  readonly reach: Reach;
}

export class OtherControllers {
  readonly #options: OtherControllersOptions;
  #isStopped = false;
  #hasToldOfOutage = false;
  readonly #forbidden = new Set<ResourceType>();

  constructor(options: OtherControllersOptions) {
    this.#options = options;
  }

  /** Gives up looking. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Why this controller must not start, in one sentence; undefined: no other was found. */
  async find(): Promise<string | undefined> {
    const deployments = await this.#deployments();
    for (const deployment of deployments) {
      if (!isReady(deployment) || !overlap(reachOf(deployment), this.#options.reach)) continue;
      const { namespace, name } = deployment.metadata;
      return refusal(`Deployment "${namespace}/${name}" runs a controller that`);
    }
    return await this.#findHolder(deployments);
  }

  async #deployments(): Promise<KubeObject[]> {
    const found: KubeObject[] = [];
    for (const selection of SELECTIONS) {
      for (const one of await this.#elsewhere(DEPLOYMENTS, selection)) {
        if (!found.some(({ metadata: { uid } }) => uid === one.metadata.uid)) found.push(one);
      }
    }
    return found;
  }

  /**
   * A Lease says nothing of whether its holder lives: it does if it is renewed while we look.
   * One that is left behind costs this wait at each start, until somebody deletes it.
   */
  async #findHolder(deployments: readonly KubeObject[]): Promise<string | undefined> {
    const { clock, log } = this.#options;
    const startedMs = clock.monotonic();
    const first = await this.#leases(deployments);
    let waitMs = 0;
    for (const [name, { holder, durationMs = 0 }] of first) {
      waitMs = Math.max(waitMs, Math.min(durationMs, WAIT_MAX_MS));
      log.info("another namespace has the Lease of a controller; looking whether it is renewed", {
        lease: name,
        holder,
        waitMs: durationMs,
      });
    }
    while (!this.#isStopped && clock.monotonic() - startedMs < waitMs) {
      await sleep(clock, LOOK_AGAIN_MS);
      for (const [name, record] of await this.#leases(deployments)) {
        if (isSame(first.get(name), record)) continue;
        return refusal(`controller "${record.holder}" renews the Lease "${name}" and`);
      }
    }
    return undefined;
  }

  /** Leases that are held, of controllers that may look after the same objects. */
  async #leases(deployments: readonly KubeObject[]): Promise<Map<string, LeaseRecord>> {
    const { lease, reach } = this.#options;
    const found = await this.#elsewhere(LEASES, { fieldSelector: `metadata.name=${lease}` });
    const leases = new Map<string, LeaseRecord>();
    for (const one of found) {
      const { namespace, name } = one.metadata;
      const record = recordOf(one);
      const own = deployments.filter(({ metadata }) => metadata.namespace === namespace);
      const isHarmless = own.length > 0 &&
        own.every((deployment) => !overlap(reachOf(deployment), reach));
      if (record.holder !== undefined && !isHarmless) leases.set(`${namespace}/${name}`, record);
    }
    return leases;
  }

  /** In all other namespaces, as far as we may look; waits for a cluster that does not answer. */
  async #elsewhere(type: ResourceType, selection: Selection): Promise<KubeObject[]> {
    const { clock, cluster, log, namespace } = this.#options;
    while (!this.#isStopped) {
      try {
        const { items } = await cluster.list(type, selection);
        return items.filter(({ metadata }) => metadata.namespace !== namespace);
      } catch (error) {
        if (isNotFound(error)) return [];
        if (!(error instanceof ApiError || error instanceof UnreachableError)) throw error;
        const fields = { resource: type.plural, cause: error.message };
        if (isForbidden(error)) {
          const text = "cannot look for controllers in other namespaces: permission is missing";
          if (!this.#forbidden.has(type)) log.warn(text, fields);
          this.#forbidden.add(type);
          return [];
        }
        const text = "cannot look for controllers in other namespaces, trying again";
        log[this.#hasToldOfOutage ? "debug" : "warn"](text, fields);
        this.#hasToldOfOutage = true;
        await sleep(clock, LOOK_AGAIN_MS);
      }
    }
    return [];
  }
}

function refusal(who: string): string {
  return `Cannot start: ${who} looks after the same Rollouts; ` +
    "stop it, or use --force to start all the same";
}

function isReady({ status }: KubeObject): boolean {
  const { readyReplicas } = fieldsOf(status);
  return typeof readyReplicas === "number" && readyReplicas > 0;
}

/** A Lease that came while we looked was taken by somebody who lives. */
function isSame(before: LeaseRecord | undefined, now: LeaseRecord): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}
