/** All objects that are looked at together, and how one is found that another one names. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { ObjectReader, ObjectSelection } from "../../sdk/traffic_router.ts";
import { selectorMatches } from "../api/validation/validate_selector.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import type { ManifestDocument } from "../api/manifest/mod.ts";
import type { NotificationConfig } from "../notify/config.ts";
import type { Subscriber } from "../notify/destinations.ts";

/** A document that a finding can point at. */
export type LintDocument = ManifestDocument;

/** An object that another one names. */
export interface Wanted {
  readonly type: { readonly group: string; readonly kind: string };
  /** Absent where the namespace is not said, and for kinds that have none. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** An object, and the document that it stands in; none for one of the cluster. */
export interface Known {
  readonly object: KubeObject;
  readonly document: LintDocument | undefined;
}

/** Who reads configurations of notifications: templates and conditions are languages. */
export interface NotificationReader {
  configOf(configMap: KubeObject, plugins: PluginRegistry): NotificationConfig;
  subscribersOf(
    metadata: KubeObject["metadata"],
    config: NotificationConfig,
  ): readonly Subscriber[];
}

/** All objects that are looked at together. */
export interface World {
  /** Absent: such configurations are not looked at. */
  readonly notifications?: NotificationReader | undefined;
  readonly plugins: PluginRegistry;
  readonly documents: readonly LintDocument[];
  /** The documents of one kind, in the order in which they were read. */
  ofKind(group: string, kind: string): readonly LintDocument[];
  /** What is meant by a name: of several objects the one that stands nearest. */
  find(wanted: Wanted, from: LintDocument): Known | undefined;
  /** What is meant by labels, in the order of names; files count before a cluster. */
  select(selection: ObjectSelection): readonly KubeObject[];
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf({ apiVersion }: { readonly apiVersion: string }): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/** Documents of files together with objects of a cluster, which count where no file has them. */
export function worldOf(
  documents: readonly LintDocument[],
  plugins: PluginRegistry,
  clusterObjects: readonly KubeObject[] = [],
): World {
  const byKind = new Map<string, LintDocument[]>();
  const byName = new Map<string, Known[]>();
  const add = (object: KubeObject, document: LintDocument | undefined) => {
    const kindKey = keyOf(groupOf(object), object.kind);
    if (document !== undefined) push(byKind, kindKey, document);
    push(byName, `${kindKey}/${nameOf(object)}`, { object, document });
  };
  for (const document of documents) add(document.object, document);
  for (const object of clusterObjects) add(object, undefined);
  const all = [...documents.map(({ object }) => object), ...clusterObjects];
  return {
    plugins,
    documents,
    select: (selection) => selected(all, selection),
    ofKind: (group, kind) => byKind.get(keyOf(group, kind)) ?? [],
    find: ({ type, namespace, name }, from) => {
      const named = byName.get(`${keyOf(type.group, type.kind)}/${name}`) ?? [];
      const fitting = named.filter(({ object }) => isSame(namespaceOf(object), namespace ?? ""));
      return nearest(fitting, from);
    },
  };
}

function selected(
  objects: readonly KubeObject[],
  { type, namespace = "", selector }: ObjectSelection,
): KubeObject[] {
  const found = new Map<string, KubeObject>();
  for (const object of objects) {
    const isOfKind = object.kind === type.kind && groupOf(object) === type.group;
    if (!isOfKind || !isSame(namespaceOf(object), namespace) || found.has(nameOf(object))) continue;
    const labels = fieldsOf(fieldsOf(object.metadata)["labels"]);
    if (selectorMatches(selector, labels)) found.set(nameOf(object), object);
  }
  return [...found.keys()].sort().flatMap((name) => found.get(name) ?? []);
}

/** Reads what an object names: without a namespace of its own a name means the object's. */
export function readerFrom(
  from: LintDocument,
  world: Pick<World, "find" | "select">,
): ObjectReader {
  const own = namespaceOf(from.object);
  return {
    find: ({ type, namespace = own, name }) => world.find({ type, name, namespace }, from)?.object,
    select: ({ namespace = own, ...selection }) => world.select({ ...selection, namespace }),
  };
}

/** The name of an object; empty where it has none. */
export function nameOf(object: KubeObject): string {
  return textOf(fieldsOf(object.metadata)["name"]);
}

/** The namespace of an object; empty where it does not say. */
export function namespaceOf(object: KubeObject): string {
  return textOf(fieldsOf(object.metadata)["namespace"]);
}

/** The same for objects that are surely in one namespace: it is said, or their folder is one. */
export function neighbourhoodOf({ file, object }: LintDocument): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? `folder ${folderOf(file)}` : `namespace ${namespace}`;
}

function keyOf(group: string, kind: string): string {
  return `${group}/${kind}`;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** A namespace that is not said is where everything else is. */
function isSame(one: string, other: string): boolean {
  return one === other || one === "" || other === "";
}

/** The same names stand in the folders of several environments: the neighbour is meant. */
function nearest(candidates: readonly Known[], from: LintDocument): Known | undefined {
  const folder = folderOf(from.file);
  return candidates.find(({ document }) => document?.file === from.file) ??
    candidates.find(({ document }) =>
      document !== undefined && folderOf(document.file) === folder
    ) ??
    candidates[0];
}

/** The folder of a file, with its slash. */
export function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}
