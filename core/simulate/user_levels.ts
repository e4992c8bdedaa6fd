/**
 * What users got: for each Rollout its available pods, for each Service its ready ones, from
 * instant to instant; and whose doing it is where they are missing. The checker judges what a pass
 * decides, this file what came of it.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { referencedServices } from "../api/validation/validate_services.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { ENDPOINT_SLICES, PODS, ROLLOUTS, SERVICES } from "../api/names/resources.ts";
import { controllerOf } from "../api/ownership.ts";
import type { EmbeddedCluster, WriteReport } from "../cluster/embedded/mod.ts";
import { isAbortOverdue } from "../rollout/mod.ts";
import { hashOf, type ReplicaSet } from "../sets/mod.ts";
import { type LetGo, restViolations } from "./at_rest.ts";
import type { Violation } from "./checker.ts";
import { allSets, availableIn, holdingsOf } from "./holdings.ts";
import { Losses } from "./losses.ts";
import type { Membership } from "./membership.ts";
import { PodLevel, requiredOf } from "./pod_level.ts";
import { START_MS } from "./scenario.ts";
import { type ReadyPod, readyPodsIn, ServiceLevel } from "./service_level.ts";
import { isPreviewService } from "./service_role.ts";
import { CONTROLLER } from "./simulated_world.ts";

/** What is to be told of an instant. */
export interface LevelReport {
  /** Sentences for each Rollout, by its key. */
  readonly warnings: ReadonlyMap<string, readonly string[]>;
  readonly violations: readonly Violation[];
}

/** A pod that ended, and that nobody makes again. */
export interface PodGone {
  readonly atSeconds: number;
  readonly namespace: string;
  readonly pod: string;
}

export class UserLevels {
  readonly #cluster: EmbeddedCluster;
  readonly #membership: Membership;
  readonly #losses: Losses;
  readonly pods = new Map<string, PodLevel>();
  /** By `namespace/name`. */
  readonly services = new Map<string, ServiceLevel>();
  readonly podsGone: PodGone[] = [];
  /** What somebody stopped to control. */
  readonly letGo: LetGo[] = [];
  readonly #touchedRollouts = new Set<string>();
  readonly #touchedServices = new Set<string>();
  /** Services whose selector the controller changed in this instant. */
  readonly #moved = new Set<string>();

  constructor(cluster: EmbeddedCluster, membership: Membership, user: string) {
    this.#cluster = cluster;
    this.#membership = membership;
    this.#losses = new Losses(membership, user);
  }

  /** Takes a write in, and the Rollouts that it concerns. */
  note(write: WriteReport, concerned: ReadonlySet<string>, nowMs: number): void {
    const { type, before, after, changed, userAgent } = write;
    if (!changed) return;
    this.#losses.note(write);
    for (const key of concerned) this.#touchedRollouts.add(key);
    const object = after ?? before;
    if (object === undefined) return;
    const key = keyOf(object);
    if (type === SERVICES) {
      this.#touchedServices.add(key);
      if (userAgent === CONTROLLER) this.#moved.add(key);
    } else if (type === ENDPOINT_SLICES) {
      const service = controllerOf(object);
      this.#touchedServices.add(`${object.metadata.namespace}/${service?.name}`);
    } else if (type === PODS && after === undefined && controllerOf(object) === undefined) {
      const { namespace = "", name } = object.metadata;
      this.podsGone.push({ atSeconds: secondsOf(nowMs), namespace, pod: name });
    }
    const isLetGo = before !== undefined && after !== undefined &&
      controllerOf(before) !== undefined && controllerOf(after) === undefined;
    if (isLetGo) this.letGo.push({ type, object: after });
  }

  /** Looks at what an instant came to, when all of it has happened. */
  look(nowMs: number): LevelReport {
    const warnings = new Map<string, string[]>();
    const violations: Violation[] = [];
    const warn = (key: string, text: string) =>
      warnings.set(key, [...warnings.get(key) ?? [], text]);
    for (const key of [...this.#touchedRollouts].sort()) {
      this.#lookAtRollout(key, { atSeconds: secondsOf(nowMs), warn, violations });
    }
    for (const key of [...this.#touchedServices].sort()) {
      this.#lookAtService(key, { atSeconds: secondsOf(nowMs), warn, violations });
    }
    this.#touchedRollouts.clear();
    this.#touchedServices.clear();
    this.#moved.clear();
    this.#losses.clear();
    return { warnings, violations };
  }

  #lookAtRollout(key: string, { atSeconds, warn, violations }: Look): void {
    const rollout = this.#rolloutAt(key);
    const level = this.pods.get(key) ?? new PodLevel();
    this.pods.set(key, level);
    if (rollout === undefined) return level.end(atSeconds);
    const { basis, sets } = this.#serving(rollout);
    const available = availableIn(sets);
    // Where users are led elsewhere, the pods before are no measure: the checker judges that.
    const before = level.basis === basis ? level.available : 0;
    level.basis = basis;
    const isBeginning = level.look(rollout, available, atSeconds);
    const { floor } = level;
    const fewer = `${available} available ${available === 1 ? "pod" : "pods"}, fewer than ${floor}`;
    if (isBeginning) warn(key, fewer);
    const allowed = allowedOf(rollout, floor, atSeconds);
    if (available >= Math.min(before, allowed)) return;
    const lost = this.#losses.causesOf(key);
    // Without what others took in the same instant, would there have been enough?
    const others = lost.filter((cause) => cause !== "rollout").length;
    if (lost.length === others || available + others >= Math.min(before, allowed)) return;
    const message = `at ${atSeconds}s the Rollout leaves ${fewer}`;
    violations.push({ rule: "U1", rollout: key, message });
  }

  /**
   * The sets whose pods users reach: of a blue-green the one that its active Service selects, with
   * a router those that either Service selects, or without Services stable and the newest.
   */
  #serving(rollout: Rollout): { basis: string; sets: readonly ReplicaSet[] } {
    const { namespace = "" } = rollout.metadata;
    const sets = allSets(holdingsOf(this.#cluster, rollout));
    const { blueGreen, canary } = rollout.spec.strategy ?? {};
    const name = blueGreen?.activeService;
    const selectedBy = (name: string) => {
      const service = this.#cluster.object(SERVICES, { namespace, name });
      return fieldsOf(fieldsOf(service?.["spec"])["selector"])[POD_TEMPLATE_HASH_LABEL];
    };
    if (canary?.trafficRouting) {
      const names = referencedServices(rollout).map((reference) => reference.name);
      const { stableRS, currentPodHash } = rollout.status ?? {};
      const hashes = names.length > 0 ? names.map(selectedBy) : [stableRS, currentPodHash];
      const isReached = (set: ReplicaSet) =>
        hashes.includes(undefined) || hashes.includes(hashOf(set));
      return { basis: `routed ${hashes}`, sets: sets.filter(isReached) };
    }
    if (name === undefined) return { basis: "", sets };
    const selected = selectedBy(name);
    const isSelected = (set: ReplicaSet) => selected === undefined || hashOf(set) === selected;
    return { basis: `active ${selected}`, sets: sets.filter(isSelected) };
  }

  #lookAtService(key: string, { atSeconds, warn, violations }: Look): void {
    const [namespace = "", name = ""] = key.split("/");
    const service = this.#cluster.object(SERVICES, { namespace, name });
    const level = this.services.get(key) ?? new ServiceLevel();
    this.services.set(key, level);
    if (service === undefined) return level.delete(atSeconds);
    level.isOwned = controllerOf(service) !== undefined;
    const namers = this.#membership.rolloutsOf(SERVICES, service);
    const wasGone = level.deletedAtSeconds !== undefined;
    if (wasGone && !this.#isPreview(namers, name)) level.isPreview = false;
    const before = level.ready;
    const slices = this.#cluster.controlledBy(service.metadata.uid, ENDPOINT_SLICES);
    if (!level.look(readyPodsIn(slices), atSeconds)) return;
    const rollouts = [...new Set(before.flatMap((pod) => this.#rolloutsOf(namespace, pod)))];
    const wanting = rollouts.filter((each) => this.#wantsPods(each));
    // Who asks for no pods misses none.
    if (rollouts.length > 0 && wanting.length === 0) return level.excuse();
    if (!this.#isPreview(namers, name)) level.isPreview = false;
    const concerned = new Set([...wanting, ...namers]);
    for (const each of concerned) warn(each, `Service ${name} has no ready pod`);
    const causes = before.map(({ uid }) => this.#losses.find(uid)?.cause);
    const isTaken = causes.every((cause) => cause === "rollout");
    const isMoved = this.#moved.has(key) && causes.every((cause) => cause === undefined);
    if (!isTaken && !isMoved) return;
    // A Service that no Rollout names is not the Rollout's to keep filled: U1 is.
    for (const each of namers) {
      const rollout = this.#rolloutAt(each);
      if (rollout === undefined || isPreviewService(rollout, name)) continue;
      if (requiredOf(rollout).floor === 0) continue;
      const message = `at ${atSeconds}s the Rollout ${
        isMoved ? "moves" : "drains"
      } Service ${name}, which has no ready pod from then on`;
      violations.push({ rule: "U2", rollout: each, message });
    }
  }

  #rolloutsOf(namespace: string, { uid, name }: ReadyPod): readonly string[] {
    const loss = this.#losses.find(uid);
    const pod = this.#cluster.object(PODS, { namespace, name });
    return loss?.rollouts ?? (pod === undefined ? [] : this.#membership.rolloutsOf(PODS, pod));
  }

  /** What is wrong with a world in which nothing happens any more. */
  atRest(): Violation[] {
    return this.#cluster.objects(ROLLOUTS)
      .flatMap((rollout) => restViolations(this.#cluster, rollout as Rollout));
  }

  /** True for a Service that shows its Rollouts' new version, and does nothing else. */
  #isPreview(namers: readonly string[], name: string): boolean {
    const rollouts = namers.flatMap((key) => this.#rolloutAt(key) ?? []);
    return rollouts.length > 0 && rollouts.every((rollout) => isPreviewService(rollout, name));
  }

  #wantsPods(key: string): boolean {
    const rollout = this.#rolloutAt(key);
    return rollout !== undefined && requiredOf(rollout).replicas > 0;
  }

  #rolloutAt(key: string): Rollout | undefined {
    const [namespace = "", name = ""] = key.split("/");
    return this.#cluster.object(ROLLOUTS, { namespace, name }) as Rollout | undefined;
  }
}

/** One look at the world, and where to tell of it. */
interface Look {
  readonly atSeconds: number;
  readonly warn: (key: string, text: string) => void;
  readonly violations: Violation[];
}

/** S8 before S7: an abort that should have ended may lack a pod; how many the checker judges. */
function allowedOf(rollout: Rollout, floor: number, atSeconds: number): number {
  if (!isAbortOverdue(rollout, START_MS + atSeconds * 1000)) return floor;
  return rollout.spec.strategy?.blueGreen ? 0 : floor - 1;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function secondsOf(ms: number): number {
  return (ms - START_MS) / 1000;
}
