/**
 * What is reported of a pass whose write the cluster refused. The status says what was seen, so it
 * holds all the same; a Service that cannot be made ends the experiment.
 */
import type { Decision, Failure } from "../engine/mod.ts";
import { EXPERIMENT_EVENT } from "../api/names/experiment_names.ts";
import { REPLICA_SETS, SERVICES } from "../api/names/resources.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import { decide } from "./decide.ts";
import { serviceNameOf } from "./service_writes.ts";
import type { ExperimentWorld } from "./world.ts";

export function decideAfterFailure(
  world: ExperimentWorld,
  failure: Failure,
): Pick<Decision, "status" | "events"> {
  const { status, events } = decide({ ...withRefusedService(world, failure), isRefused: true });
  const told = failure.isPassing === true ? [] : refusalEvents(failure);
  return { ...(status === undefined ? {} : { status }), events: [...told, ...events] };
}

function withRefusedService(
  world: ExperimentWorld,
  { effect, error, isPassing }: Failure,
): ExperimentWorld {
  const isCreation = effect.kind === "write" && effect.verb === "create" &&
    effect.type === SERVICES;
  if (!isCreation || isPassing === true) return world;
  const templates = world.templates.map((facts) =>
    serviceNameOf(facts) === effect.ref.name && facts.service === undefined
      ? { ...facts, refusedService: error.message }
      : facts
  );
  return { ...world, templates };
}

function refusalEvents({ effect, error }: Failure): EventDraft[] {
  if (effect.kind !== "write" || effect.type !== REPLICA_SETS) return [];
  const { name } = effect.ref;
  if (effect.verb === "create") return [EXPERIMENT_EVENT.creatingFailed(name, error.message)];
  if (effect.verb !== "patch") return [];
  const { replicas } = fieldsOf(fieldsOf(effect.patch.body)["spec"]);
  const direction = replicas === 0 ? "down" : "up";
  return [EXPERIMENT_EVENT.scalingFailed(name, direction, error.message)];
}
