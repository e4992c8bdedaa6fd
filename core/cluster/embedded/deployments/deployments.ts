import { controllerOf } from "../../../api/ownership.ts";
import { DEPLOYMENTS, PODS, REPLICA_SETS } from "../../../api/names/resources.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import {
  annotationsOf,
  findNewest,
  isBeingSized,
  isRecreated,
  recreate,
  removeHistory,
  resize,
  roll,
  type Round,
} from "./deployment_round.ts";
import { countedStatus, progressStatus, stuckAtMs, withPause } from "./deployment_status.ts";
import { CONTROLLER_MANAGER, type InCluster } from "../in_cluster.ts";
import { fieldsOf, listOf } from "../../../../sdk/wire/json.ts";
import { isSameJson } from "../json.ts";
import { KeyedTimers } from "../keyed_timers.ts";
import type { Kind } from "../kind.ts";
import { labelSelectorOf, matchesLabels } from "../../../api/values/label_selector.ts";
import { adopted } from "../adoption.ts";
import type { Change } from "../store.ts";

/** Makes, sizes and removes the ReplicaSets of Deployments, and tells how an update goes. */
export class Deployments {
  readonly #cluster: InCluster;
  readonly #deployments: Kind;
  readonly #sets: Kind;
  readonly #timers: KeyedTimers;
  /** Those that are there, so that a cluster without any pays nothing. */
  readonly #present = new Set<string>();
  /** Has a Deployment looked at, by its uid. */
  readonly #soon: (uid: string) => void;

  constructor(cluster: InCluster) {
    this.#cluster = cluster;
    this.#deployments = cluster.kinds.find(DEPLOYMENTS);
    this.#sets = cluster.kinds.find(REPLICA_SETS);
    this.#timers = new KeyedTimers(cluster.clock);
    this.#soon = cluster.work.once((uid) => this.#reconcile(uid));
    cluster.store.onChange((change) => this.#notice(change));
  }

  #notice(change: Change): void {
    const { kind, type, object } = change;
    if (kind === this.#deployments) {
      const { uid = "" } = object.metadata;
      if (type !== "DELETED") {
        this.#present.add(uid);
        return this.#soon(uid);
      }
      this.#present.delete(uid);
      this.#timers.clear(uid);
    } else if (this.#present.size > 0) {
      if (kind === this.#sets) this.#noticeSet(change);
      else if (kind.type === PODS && type === "DELETED") this.#noticeEnd(object);
    }
  }

  #noticeSet({ type, object, before }: Change): void {
    const owner = controllerOf(object);
    const formerOwner = before === undefined ? undefined : controllerOf(before);
    for (const { uid = "" } of [owner ?? {}, formerOwner ?? {}]) {
      if (this.#present.has(uid)) this.#soon(uid);
    }
    if (owner !== undefined || type === "DELETED") return;
    // A set that nobody controls may find a Deployment that takes it.
    const { namespace } = object.metadata;
    for (const { metadata, spec } of this.#cluster.store.list(this.#deployments, namespace)) {
      const selector = labelSelectorOf(fieldsOf(spec)["selector"]);
      if (matchesLabels(selector, object.metadata.labels)) this.#soon(metadata.uid ?? "");
    }
  }

  /** The end of a pod may be what an update waits for. */
  #noticeEnd(pod: KubeObject): void {
    const set = this.#cluster.store.byUid(controllerOf(pod)?.uid ?? "")?.object;
    const owner = set === undefined ? undefined : controllerOf(set);
    if (owner !== undefined && this.#present.has(owner.uid)) this.#soon(owner.uid);
  }

  #reconcile(uid: string): void {
    const deployment = this.#cluster.store.byUid(uid)?.object;
    if (deployment === undefined) return;
    const round = this.#roundOf(deployment);
    this.#timers.clear(uid);
    const { paused } = fieldsOf(deployment["spec"]);
    if (deployment.metadata.deletionTimestamp !== undefined) {
      findNewest(round, { isMade: false });
      return this.#tell(round, countedStatus);
    }
    round.conditions = withPause(deployment, round.conditions, this.#cluster.clock.now());
    if (paused === true || isBeingSized(round)) {
      findNewest(round, { isMade: false });
      resize(round);
      if (paused === true) removeHistory(round);
      return this.#tell(round, countedStatus);
    }
    if (isRecreated(deployment)) recreate(round);
    else roll(round);
    this.#tell(round, progressStatus);
  }

  #roundOf(deployment: KubeObject): Round {
    const sets = adopted(this.#cluster, {
      owner: deployment,
      kind: this.#sets,
      selector: labelSelectorOf(fieldsOf(deployment["spec"])["selector"]),
      isFree: ({ metadata }) => metadata.deletionTimestamp === undefined,
    });
    const { conditions, collisionCount } = fieldsOf(deployment["status"]);
    return {
      cluster: this.#cluster,
      deployment,
      sets,
      newest: undefined,
      conditions: listOf(conditions).map(fieldsOf),
      collisionCount: typeof collisionCount === "number" ? collisionCount : undefined,
    };
  }

  #tell(round: Round, statusOf: typeof countedStatus): void {
    const { api, clock } = this.#cluster;
    const { deployment } = round;
    const { uid = "" } = deployment.metadata;
    const status = statusOf({ ...round, nowMs: clock.now() });
    const annotations = annotationsOf(round);
    const metadata = { ...deployment.metadata, ...(annotations && { annotations }) };
    const isTold = isSameJson(status, deployment["status"]) &&
      annotations === deployment.metadata.annotations;
    if (!isTold) {
      const told = { ...deployment, metadata, status };
      api.update(CONTROLLER_MANAGER, DEPLOYMENTS, told, { subresource: "status" });
    }
    // An update that makes no progress is stuck by the passing of time alone.
    const dueMs = statusOf === progressStatus ? stuckAtMs(deployment, status) : undefined;
    if (dueMs === undefined) return;
    this.#timers.set(uid, dueMs - clock.now(), () => this.#reconcile(uid));
  }
}
