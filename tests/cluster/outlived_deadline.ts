/** An update whose progress deadline would be over while the API server is away. */
import assert from "node:assert/strict";
import type { Rollout } from "../../sdk/api/rollout.ts";
import { ROLLOUTS } from "../../core/api/names/resources.ts";
import { findCondition } from "../../core/api/values/conditions.ts";
import type { Stage } from "./fault_stage.ts";
import { until } from "./real_cluster.ts";

/** Shorter than the server is away. */
const DEADLINE_SECONDS = 14;
/** Each look may come while the server is away. */
const PATIENCE_MS = 120_000;

export class OutlivedDeadline {
  readonly #stage: Stage;
  readonly #ref: { readonly namespace: string; readonly name: string };

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#ref = { namespace: stage.namespace, name: "outliving" };
  }

  /** Resolves once an update goes on whose pods no node takes. */
  async begin(): Promise<void> {
    const labels = { app: this.#ref.name };
    const containers = [{ name: "web", image: "registry/web:1" }];
    await this.#stage.user.create(ROLLOUTS, {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: this.#ref,
      spec: {
        replicas: 1,
        progressDeadlineSeconds: DEADLINE_SECONDS,
        progressDeadlineAbort: true,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
        strategy: { canary: { maxSurge: 1, maxUnavailable: 0 } },
      },
    } as Rollout);
    await this.#reach("to be Healthy", ({ status }) => status?.phase === "Healthy");
    const body = { spec: { template: { spec: { nodeSelector: { exists: "nowhere" } } } } };
    await this.#stage.user.patch(ROLLOUTS, this.#ref, { type: "merge", body });
    await this.#reach(
      "to be updated",
      ({ status, metadata }) =>
        status?.observedGeneration === String(metadata.generation) && status.updatedReplicas === 1,
    );
  }

  /** It is told that the deadline counts from later on, and ends all the same. */
  async judge(): Promise<void> {
    const told = await this.#reach(
      "to be told of the outage",
      (rollout) =>
        / could not see the cluster from /.test(messageOf(rollout)) ||
        rollout.status?.abort === true,
    );
    assert.match(messageOf(told), / could not see the cluster from /, "it is not aborted yet");
    await this.#reach("to be aborted", ({ status }) => status?.abort === true);
    await this.#stage.user.delete(ROLLOUTS, this.#ref);
  }

  async #reach(what: string, isThere: (rollout: Rollout) => boolean): Promise<Rollout> {
    let last: Rollout | undefined;
    await until(`${this.#ref.name} ${what}`, async () => {
      last = await this.#stage.user.get(ROLLOUTS, this.#ref).catch(() => undefined) as
        | Rollout
        | undefined;
      return last !== undefined && isThere(last);
    }, PATIENCE_MS);
    return last as Rollout;
  }
}

function messageOf({ status }: Rollout): string {
  return findCondition(status?.conditions, "Progressing")?.message ?? "";
}
