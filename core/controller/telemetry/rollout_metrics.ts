/** What Rollouts look like, from the caches at the moment of the scrape. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { CONDITION_REASON } from "../../api/names/condition_reason.ts";
import type { Family, Labels, Sample } from "./exposition.ts";

/** Argo Rollouts' names of the routers that it has, by their fields. */
const ROUTERS: Readonly<Record<string, string>> = Object.freeze({
  alb: "ALB",
  ambassador: "Ambassador",
  istio: "Istio",
  nginx: "Nginx",
  smi: "SMI",
  appMesh: "AppMesh",
});

/** A phase of its own, which is not the one in the status, by the reason of Progressing. */
const PHASES: Readonly<Record<string, string>> = Object.freeze({
  [CONDITION_REASON.newReplicaSetAvailable]: "Completed",
  [CONDITION_REASON.rolloutPaused]: "Paused",
  [CONDITION_REASON.replicaSetCreateError]: "Error",
  [CONDITION_REASON.progressDeadlineExceeded]: "Timeout",
  [CONDITION_REASON.rolloutAborted]: "Abort",
});
const ALL_PHASES = ["Completed", "Progressing", "Paused", "Timeout", "Error", "Abort"];

interface Facts {
  readonly named: Labels;
  readonly strategy: string;
  readonly router: string;
  readonly phase: string;
  readonly rollout: Rollout;
}

export function rolloutFamilies(objects: Iterable<KubeObject>): Family[] {
  const all = [...objects].map((object) => factsOf(object as Rollout));
  const gauge = (name: string, help: string, samples: Iterable<Sample>): Family => ({
    name,
    help,
    type: "gauge",
    samples,
  });
  const replicas = (what: string, count: (rollout: Rollout) => number) =>
    gauge(
      `rollout_info_replicas_${what}`,
      `The number of ${what} replicas per rollout.`,
      each(all, function* ({ named, rollout }) {
        yield { labels: named, value: count(rollout) };
      }),
    );
  return [
    gauge(
      "rollout_info",
      "Information about rollout.",
      each(all, function* ({ named, strategy, router, phase }) {
        yield { labels: { ...named, strategy, traffic_router: router, phase }, value: 1 };
      }),
    ),
    replicas("available", ({ status }) => status?.availableReplicas ?? 0),
    replicas(
      "unavailable",
      ({ status }) => (status?.replicas ?? 0) - (status?.availableReplicas ?? 0),
    ),
    replicas("desired", ({ spec }) => spec.replicas ?? 1),
    replicas("updated", ({ status }) => status?.updatedReplicas ?? 0),
    gauge(
      "rollout_phase",
      "Information on the state of the rollout (deprecated: use rollout_info).",
      each(all, function* ({ named, strategy, phase }) {
        for (const one of ALL_PHASES) {
          yield { labels: { ...named, strategy, phase: one }, value: one === phase ? 1 : 0 };
        }
      }),
    ),
  ];
}

/** The samples of each, made only when they are sent. */
function* each(
  all: readonly Facts[],
  samplesOf: (facts: Facts) => Generator<Sample>,
): Generator<Sample> {
  for (const facts of all) yield* samplesOf(facts);
}

function factsOf(rollout: Rollout): Facts {
  const { namespace = "", name } = rollout.metadata;
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout["spec"])["strategy"]);
  const routing = fieldsOf(fieldsOf(canary)["trafficRouting"]);
  const router = Object.keys(ROUTERS).find((field) => routing[field] !== undefined);
  return {
    named: { namespace, name },
    strategy: blueGreen ? "blueGreen" : canary ? "canary" : "none",
    router: router === undefined ? "" : ROUTERS[router] ?? "",
    phase: phaseOf(rollout),
    rollout,
  };
}

function phaseOf({ status }: Rollout): string {
  const conditions = status?.conditions ?? [];
  if (conditions.some(({ type }) => type === "InvalidSpec")) return "InvalidSpec";
  const reason = conditions.find(({ type }) => type === "Progressing")?.reason ?? "";
  return Object.hasOwn(PHASES, reason) ? PHASES[reason] ?? "" : "Progressing";
}
