/** What users got, as data. */
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import { type PodLeft, podsLeft } from "./at_rest.ts";
import type { FewestPods, TimeBelow } from "./pod_level.ts";
import type { ServiceLevel, TimeEmpty } from "./service_level.ts";
import type { PodGone, UserLevels } from "./user_levels.ts";

/** The available pods of one Rollout, from the moment on when it had all of them. */
export interface RolloutUsers {
  readonly namespace: string;
  readonly rollout: string;
  /** Null: it never had all of its pods. */
  readonly fewestAvailable: FewestPods | null;
  /** The longest time with fewer pods than replicas - maxUnavailable; null: there was none. */
  readonly longestBelow: TimeBelow | null;
}

/** One Service that had ready pods at some time. */
export interface ServiceUsers {
  readonly namespace: string;
  readonly service: string;
  /** All time without a ready pod. */
  readonly emptySeconds: number;
  /** The longest of these times; null: there was none. */
  readonly longestEmpty: TimeEmpty | null;
  readonly isEmptyAtEnd: boolean;
  /** Null: it is there at the end. */
  readonly deletedAtSeconds: number | null;
  /** Only those who ask for the new version reach it. */
  readonly isPreview: boolean;
}

export interface Users {
  readonly rollouts: readonly RolloutUsers[];
  readonly services: readonly ServiceUsers[];
  readonly podsLeft: readonly PodLeft[];
  readonly podsGone: readonly PodGone[];
}

/** What users got up to now. */
export function usersOf(cluster: EmbeddedCluster, levels: UserLevels, nowSeconds: number): Users {
  return {
    rollouts: sorted(levels.pods).map(([key, level]) => ({
      namespace: namespaceOf(key),
      rollout: nameOf(key),
      fewestAvailable: level.fewest ?? null,
      longestBelow: level.longestBelow(nowSeconds) ?? null,
    })),
    services: sorted(levels.services).filter(([, level]) =>
      level.hadPods && !cameAndWent(level, nowSeconds)
    )
      .map(([key, level]) => ({
        namespace: namespaceOf(key),
        service: nameOf(key),
        emptySeconds: level.emptySeconds(nowSeconds),
        longestEmpty: level.longestEmpty(nowSeconds) ?? null,
        isEmptyAtEnd: level.isEmpty,
        deletedAtSeconds: level.deletedAtSeconds ?? null,
        isPreview: level.isPreview && level.longestEmpty(nowSeconds) !== undefined,
      })),
    podsLeft: podsLeft(cluster, levels.letGo),
    podsGone: levels.podsGone,
  };
}

/** A Service that its owner took away, and that nobody missed: it was there for so long alone. */
function cameAndWent(level: ServiceLevel, nowSeconds: number): boolean {
  const isGone = level.isOwned && level.deletedAtSeconds !== undefined;
  return isGone && level.longestEmpty(nowSeconds) === undefined;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([one], [other]) => one < other ? -1 : 1);
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}

function nameOf(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}
