/**
 * Anti-affinity: a term in the template of a set that keeps its pods away from the nodes of another
 * one. It belongs to the update and not to the template: no hash counts it.
 */
import type { AntiAffinity, PodTemplate } from "../../sdk/api/rollout.ts";
import { type Fields, fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../api/names/names.ts";

const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const HOST = "kubernetes.io/hostname";

type PodSpec = NonNullable<PodTemplate["spec"]>;

/** A term and the list that it belongs into. */
export interface InjectedTerm {
  readonly list: typeof PREFERRED | typeof REQUIRED;
  readonly term: Fields;
}

/** The term that keeps pods away from the nodes of a set, named by its hash; undefined: none. */
export function antiAffinityTerm(
  wanted: AntiAffinity | undefined,
  { avoidedHash, namespace }: { avoidedHash: string; namespace: string },
): InjectedTerm | undefined {
  const podAffinityTerm = {
    labelSelector: {
      matchExpressions: [{ key: POD_TEMPLATE_HASH_LABEL, operator: "In", values: [avoidedHash] }],
    },
    namespaces: [namespace],
    topologyKey: HOST,
  };
  const { [PREFERRED]: preferred, [REQUIRED]: required } = wanted ?? {};
  if (preferred) {
    const { weight = 0 } = preferred;
    return { list: PREFERRED, term: { weight, podAffinityTerm } };
  }
  return required ? { list: REQUIRED, term: podAffinityTerm } : undefined;
}

/** A pod spec whose only injected term is this one, or none. */
export function withInjectedTerm(
  podSpec: PodSpec | undefined,
  injected: InjectedTerm | undefined,
): PodSpec {
  // Most pods have no affinity, and get none.
  if (injected === undefined && podSpec?.affinity === undefined) return podSpec ?? {};
  const { affinity, ...rest } = podSpec ?? {};
  const { podAntiAffinity, ...others } = fieldsOf(affinity);
  const lists: Record<string, unknown> = { ...fieldsOf(podAntiAffinity) };
  for (const list of [PREFERRED, REQUIRED]) {
    const own = listOf(lists[list]).filter((term) => !isInjectedTerm(term));
    const terms = injected?.list === list ? [...own, injected.term] : own;
    if (terms.length > 0) lists[list] = terms;
    else delete lists[list];
  }
  const wanted = Object.keys(lists).length === 0 ? others : { ...others, podAntiAffinity: lists };
  return Object.keys(wanted).length === 0 ? rest : { ...rest, affinity: wanted };
}

/** Only the controller writes terms that name pods by their template hash. */
function isInjectedTerm(term: unknown): boolean {
  const { podAffinityTerm, ...plain } = fieldsOf(term);
  const { labelSelector } = fieldsOf(podAffinityTerm ?? plain);
  return listOf(fieldsOf(labelSelector)["matchExpressions"])
    .some((expression) => fieldsOf(expression)["key"] === POD_TEMPLATE_HASH_LABEL);
}
