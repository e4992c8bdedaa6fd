/** Which set a Service selects, and the write that makes it select another. */
import { EVENT_MESSAGE, EVENT_REASON } from "../api/names/event_reason.ts";
import { MANAGED_BY_ANNOTATION, POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";
import { SERVICES } from "../api/names/resources.ts";
import type { Write } from "../engine/mod.ts";
import type { RolloutWorld, Service } from "./world.ts";
import { normal, versionedPatch } from "../sets/mod.ts";

/** The hash that a Service selects; empty when it selects none, or is not there. */
export function selectedHash(service: Service | undefined): string {
  return service?.spec?.selector?.[POD_TEMPLATE_HASH_LABEL] ?? "";
}

/** True when a Rollout manages the Service already. */
export function isManaged(service: Service): boolean {
  return service.metadata.annotations?.[MANAGED_BY_ANNOTATION] !== undefined;
}

/** Makes a Service select a set; undefined when it does already. */
export function selectWrite(
  { rollout }: RolloutWorld,
  { service, hash }: { service: Service; hash: string },
): Write | undefined {
  if (selectedHash(service) === hash && isManaged(service)) return undefined;
  const manager = isManaged(service) ? undefined : rollout.metadata.name;
  const switched = { service: service.metadata.name, from: selectedHash(service), to: hash };
  return {
    ...selectorPatch(service, { hash, manager }),
    events: [normal(EVENT_REASON.switchService, EVENT_MESSAGE.switchService(switched))],
  };
}

/** Gives a Service back the selector that it had before a Rollout managed it. */
export function releaseWrite(service: Service): Write {
  return selectorPatch(service, { hash: null, manager: null });
}

/** Sets hash and manager of a Service; null removes one, undefined leaves it. */
function selectorPatch(
  service: Service,
  { hash, manager }: { hash: string | null; manager: string | null | undefined },
): Write {
  return versionedPatch(SERVICES, service, {
    metadata: manager === undefined ? {} : { annotations: { [MANAGED_BY_ANNOTATION]: manager } },
    spec: { selector: { [POD_TEMPLATE_HASH_LABEL]: hash } },
  });
}
