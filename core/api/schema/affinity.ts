/** Where pods may run, as Kubernetes defines it. */
import { selector } from "./common.ts";
import type { Field, Kit, Note, Shape } from "../../../sdk/fields/kit.ts";

const REQUIRED: Note = Object.freeze({ required: true });

export function affinity(kit: Kit): Field {
  return kit.object(() => ({
    nodeAffinity: kit.object(() => nodeAffinity(kit)),
    podAffinity: kit.object(() => podAffinity(kit)),
    podAntiAffinity: kit.object(() => podAffinity(kit)),
  }));
}

function nodeAffinity(kit: Kit): Shape {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: kit.list(() => ({
      preference: kit.object(() => nodeSelectorTerm(kit), undefined, {
        required: true,
        atomic: true,
      }),
      weight: kit.whole(undefined, REQUIRED),
    })),
    requiredDuringSchedulingIgnoredDuringExecution: kit.object(
      () => ({
        nodeSelectorTerms: kit.list(() => nodeSelectorTerm(kit), undefined, {
          required: true,
          atomic: true,
        }),
      }),
      undefined,
      { atomic: true },
    ),
  };
}

function nodeSelectorTerm(kit: Kit): Shape {
  const requirements = () =>
    kit.list(() => ({
      key: kit.text(undefined, REQUIRED),
      operator: kit.text(undefined, REQUIRED),
      values: kit.texts(),
    }));
  return { matchExpressions: requirements(), matchFields: requirements() };
}

function podAffinity(kit: Kit): Shape {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: kit.list(() => ({
      podAffinityTerm: kit.object(() => podAffinityTerm(kit), undefined, REQUIRED),
      weight: kit.whole(undefined, REQUIRED),
    })),
    requiredDuringSchedulingIgnoredDuringExecution: kit.list(() => podAffinityTerm(kit)),
  };
}

function podAffinityTerm(kit: Kit): Shape {
  return {
    labelSelector: selector(kit),
    matchLabelKeys: kit.texts(),
    mismatchLabelKeys: kit.texts(),
    namespaceSelector: selector(kit),
    namespaces: kit.texts(),
    topologyKey: kit.text(undefined, REQUIRED),
  };
}

export function topologySpreadConstraints(kit: Kit): Field {
  return kit.list(
    () => ({
      labelSelector: selector(kit),
      matchLabelKeys: kit.texts(),
      maxSkew: kit.whole(undefined, REQUIRED),
      minDomains: kit.whole(),
      nodeAffinityPolicy: kit.text(),
      nodeTaintsPolicy: kit.text(),
      topologyKey: kit.text(undefined, REQUIRED),
      whenUnsatisfiable: kit.text(undefined, REQUIRED),
    }),
    undefined,
    { keys: ["topologyKey", "whenUnsatisfiable"] },
  );
}
