/** References within the files: what an object names must be there, and be what it has to be. */
import type { KubeObject } from "../../sdk/api/object.ts";

import { validateServices } from "../api/validate_services.ts";
import type { Spot } from "./finding.ts";
import type { LintWorld, RolloutSubject } from "./rollout_subject.ts";
import { type LintDocument, namespaceOf, type World } from "./world.ts";

/** Everything that is wrong with what objects name. */
export function referenceErrors(world: LintWorld): Spot<LintDocument>[] {
  return world.rollouts.flatMap((subject) => serviceErrors(subject, world));
}

function serviceErrors(
  { document, rollout, template }: RolloutSubject,
  world: World,
): Spot<LintDocument>[] {
  const type = { group: "", kind: "Service" };
  const namespace = namespaceOf(rollout);
  const services = {
    get: (name: string) => world.find({ type, namespace, name }, document)?.object,
  } as ReadonlyMap<string, KubeObject>;
  const resolved = template === undefined
    ? rollout
    : { ...rollout, spec: { ...rollout.spec, template: { metadata: template.metadata } } };
  return validateServices(resolved, services).map(({ path, location, text }) => ({
    document,
    location,
    text: text.slice(path.length + 2),
  }));
}
