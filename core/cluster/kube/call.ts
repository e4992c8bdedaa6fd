import type { ObjectRef } from "../../../sdk/wire/write.ts";
import type { Selection, Subresource, WriteGuard } from "../../ports/cluster.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";

/** The verbs of the API, as its access rules name them. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** Query parameters; absent ones are left out. */
export type Query = Readonly<Record<string, string | number | true | undefined>>;

/** One request to the API server, before it is known which client carries it. */
export interface Call {
  readonly verb: Verb;
  /** What is counted: `rollouts.argoproj.io/status`, or `pods`. */
  readonly resource: string;
  readonly target: Target;
  /** For messages, after "Cannot": `get pods "demo/web"`. */
  readonly doing: string;
  readonly method: string;
  /** From the root of the server, with the query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Called right before it is sent, each time; it may throw. */
  readonly guard?: WriteGuard;
}

/** What a call is about. */
export interface Target {
  readonly type: ResourceType;
  readonly namespace?: string | undefined;
  /** Absent: the collection. */
  readonly name?: string | undefined;
  readonly subresource?: Subresource | undefined;
  /** Name for messages where the path has none. */
  readonly subject?: string | undefined;
}

/** What is sent. */
export interface Body {
  readonly contentType: string;
  readonly text: string;
}

const METHODS: Readonly<Record<Verb, string>> = {
  get: "GET",
  list: "GET",
  watch: "GET",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
};

/** The call of a verb on a target. */
export function callOf(
  verb: Verb,
  target: Target,
  content: {
    readonly query: Query;
    readonly body?: Body;
    readonly guard?: WriteGuard | undefined;
  },
): Call {
  const { type, subresource } = target;
  const plural = type.group === "" ? type.plural : `${type.plural}.${type.group}`;
  const resource = subresource ? `${plural}/${subresource}` : plural;
  const named = [target.namespace, target.name ?? target.subject].filter((part) => part).join("/");
  const doing = `${verb} ${resource}` + (named ? ` "${named}"` : "");
  return {
    verb,
    resource,
    target,
    doing,
    method: METHODS[verb],
    path: pathOf(target, doing) + queryOf(content.query),
    ...(content.body && { contentType: content.body.contentType, body: content.body.text }),
    ...(content.guard && { guard: content.guard }),
  };
}

/** The target that an object reference names. */
export function targetOf(type: ResourceType, ref: ObjectRef, subresource?: Subresource): Target {
  return { type, namespace: ref.namespace, name: ref.name, subresource };
}

/** A selection as query parameters. */
export function selectionQuery(selection: Selection): Query {
  return {
    labelSelector: selection.labelSelector || undefined,
    fieldSelector: selection.fieldSelector || undefined,
  };
}

function pathOf(target: Target, doing: string): string {
  const { type, namespace, name, subresource } = target;
  const parts = type.group === "" ? ["api", type.version] : ["apis", type.group, type.version];
  if (type.namespaced && namespace) parts.push("namespaces", namespace);
  parts.push(type.plural);
  if (name !== undefined) {
    // An empty part would address the collection: a delete of everything instead of one.
    if (name === "") throw new TypeError(`Cannot ${doing}: its name is empty`);
    if (type.namespaced && !namespace) {
      throw new TypeError(`Cannot ${doing}: no namespace is given`);
    }
    parts.push(name);
  }
  if (subresource) parts.push(subresource);
  return "/" + parts.map(encodeURIComponent).join("/");
}

function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
