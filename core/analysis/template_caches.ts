/**
 * The analysis templates that objects of a kind name, themselves or through others, as the caches
 * show them. None is listed before somebody names one.
 */
import type { KubeObject } from "../../sdk/api/object.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { ANALYSIS_TEMPLATES, CLUSTER_ANALYSIS_TEMPLATES } from "../api/names/resources.ts";
import { collectTemplates } from "../api/validation/analysis_templates.ts";
import {
  type FindObject,
  type Reference,
  templateReferences,
} from "../api/validation/references.ts";
import {
  type CacheReader,
  type Key,
  keyOfObject,
  type Need,
  type Source,
  type Store,
} from "../engine/mod.ts";

/** Index of users, and of templates, by the templates that they name. */
const BY_TEMPLATE = "named analysis template";
const TYPES: readonly ResourceType[] = Object.freeze([
  ANALYSIS_TEMPLATES,
  CLUSTER_ANALYSIS_TEMPLATES,
]);

/** A kind whose objects name templates. */
export interface TemplateUser {
  readonly type: ResourceType;
  /** What an object names itself; of what people write any part may be of a wrong type. */
  readonly referencesIn: (object: KubeObject) => readonly Reference[];
}

export function templateSources({ type: userType }: TemplateUser): Source[] {
  return TYPES.map((type) => ({
    type,
    isOnDemand: true,
    prepare: (store) => store.addIndex(BY_TEMPLATE, nestedTerms),
    wakes: (template, caches) => keysByTemplate(userType, { type, template, caches }),
  }));
}

/** Prepares the store of a kind that names templates. */
export function indexByTemplate(store: Store, { referencesIn }: TemplateUser): void {
  store.addIndex(BY_TEMPLATE, (object) => referencesIn(object).map(termOf));
}

/** The templates that a pass reads; those that they name become known with them. */
export function templateNeeds(
  { referencesIn }: TemplateUser,
  object: KubeObject,
  caches: CacheReader,
): Need[] {
  const references = referencesIn(object);
  if (references.length === 0) return [];
  const { namespace } = object.metadata;
  const { templates, clusterTemplates, missing } = collectTemplates(
    references,
    templateFinder(namespace, caches),
  );
  return TYPES.flatMap((type): Need[] => {
    const found = type === ANALYSIS_TEMPLATES ? templates : clusterTemplates;
    const names = [
      ...found.map(({ metadata }) => metadata.name),
      ...missing.filter((reference) => reference.type.kind === type.kind).map(({ name }) => name),
    ].filter((name) => name !== "");
    return names.length === 0
      ? []
      : [{ type, refs: names.map((name) => refIn(namespace, type, name)) }];
  });
}

/** Finds the templates of a namespace and of the cluster. */
export function templateFinder(namespace: string | undefined, caches: CacheReader): FindObject {
  return (wanted) => {
    const type = TYPES.find(({ kind }) => kind === wanted.type.kind);
    if (type === undefined) return undefined;
    return caches.of(type).get(type.namespaced ? namespace : undefined, wanted.name);
  };
}

/** True when it can be said of these templates that they are not there. */
export function areTemplatesReadable(
  references: readonly Reference[],
  caches: CacheReader,
): boolean {
  return TYPES.every((type) =>
    references.every((reference) => reference.type.kind !== type.kind) ||
    caches.stateOf(type) !== "forbidden"
  );
}

function refIn(namespace: string | undefined, type: ResourceType, name: string): ObjectRef {
  return type.namespaced && namespace !== undefined ? { namespace, name } : { name };
}

function nestedTerms(template: KubeObject): string[] {
  return templateReferences(fieldsOf(template["spec"])["templates"], []).map(termOf);
}

function termOf({ type, name }: { type: { kind: string }; name: string }): string {
  return `${type.kind} ${name}`;
}

/** The objects that name a template, or one that names it in turn. */
function keysByTemplate(
  userType: ResourceType,
  { type, template, caches }: { type: ResourceType; template: KubeObject; caches: CacheReader },
): Key[] {
  const keys = new Set<Key>();
  const seen = new Set<string>();
  const waiting = [{ type, name: template.metadata.name, namespace: template.metadata.namespace }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { namespace } = next;
    const term = termOf(next);
    if (seen.has(`${term} ${namespace}`)) continue;
    seen.add(`${term} ${namespace}`);
    const isNear = ({ metadata }: KubeObject) =>
      namespace === undefined || metadata.namespace === undefined ||
      metadata.namespace === namespace;
    const users = caches.of(userType).byIndex(BY_TEMPLATE, term).filter(isNear);
    for (const user of users) keys.add(keyOfObject(user));
    for (const outer of TYPES) {
      for (const { metadata } of caches.of(outer).byIndex(BY_TEMPLATE, term).filter(isNear)) {
        const inner = metadata.namespace ?? namespace;
        waiting.push({ type: outer, name: metadata.name, namespace: inner });
      }
    }
  }
  return [...keys];
}
