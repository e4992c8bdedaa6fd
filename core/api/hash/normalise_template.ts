/** Pod templates in the one form that all ways of writing the same template share. */
import type { PodTemplate } from "../../../sdk/api/rollout.ts";
import { canonicalJson } from "./canonical_json.ts";
import { POD_TEMPLATE_HASH_LABEL } from "../names/names.ts";
import { quantityMillis } from "../values/quantity.ts";
import { TEMPLATE_RULES, TEMPLATE_RULES_ANYWHERE, type TemplateRule } from "./template_defaults.ts";
import type { Fields } from "../../../sdk/wire/json.ts";

/** The rules as a tree of names; `[]` is a step into any item of a list, `*` any name. */
interface RuleNode {
  rule?: TemplateRule;
  children: Map<string, RuleNode>;
}

const IMAGE_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
/** Host and port, path, tag and digest of an image; only tag and digest are taken out. */
const IMAGE = new RegExp(
  `^(?:[A-Za-z0-9.\\-\\[\\]:]+/)?${IMAGE_PART}(?:/${IMAGE_PART})*` +
    `(?::(\\w[\\w.\\-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9+._\\-]*:[0-9a-fA-F]{32,}))?$`,
);
/** The hash label is the controller's; Kubernetes never stores these annotations. */
const DROPPED_KEYS: Readonly<Record<string, readonly string[]>> = Object.freeze({
  labels: [POD_TEMPLATE_HASH_LABEL],
  annotations: ["alpha", "beta"].flatMap((stage) => [
    `pod.${stage}.kubernetes.io/init-containers`,
    `pod.${stage}.kubernetes.io/init-container-statuses`,
  ]),
});
const NOWHERE: RuleNode = Object.freeze({ children: new Map<string, RuleNode>() });
const RULES = compileRules();

/**
 * The template without what Kubernetes would fill in, without null and empty fields, without the
 * hash label, with amounts in one unit. It is for comparing and hashing only, never for writing.
 */
export function normaliseTemplate(template: PodTemplate | undefined): PodTemplate {
  const normal = normaliseFields(withoutAliases(template ?? {}), RULES);
  return normal as PodTemplate;
}

/** The text that is equal exactly for templates that mean the same. */
export function canonicalTemplate(template: PodTemplate | undefined): string {
  return canonicalJson(normaliseTemplate(template));
}

/** True when two templates make the same pods, however they are written. */
export function equalTemplates(
  left: PodTemplate | undefined,
  right: PodTemplate | undefined,
): boolean {
  return left === right || canonicalTemplate(left) === canonicalTemplate(right);
}

/** Resolves the fields that Kubernetes derives from one another. */
function withoutAliases(template: PodTemplate): Fields {
  let resolved: Fields = template as Fields;
  if (isFields(template.metadata)) {
    resolved = { ...resolved, metadata: withoutDropped(template.metadata) };
  }
  const spec = template.spec;
  if (!isFields(spec)) return resolved;
  if ("serviceAccount" in spec) {
    const { serviceAccount, ...rest } = spec as Fields;
    const name = rest["serviceAccountName"];
    if (name === undefined || name === null || name === "") {
      rest["serviceAccountName"] = serviceAccount;
    }
    resolved = { ...resolved, spec: rest };
  }
  if (spec["hostNetwork"] === true) {
    resolved = { ...resolved, spec: withoutMirroredPorts(resolved["spec"] as Fields) };
  }
  return resolved;
}

function withoutDropped(metadata: Fields): Fields {
  const rest: Fields = { ...metadata };
  for (const [map, dropped] of Object.entries(DROPPED_KEYS)) {
    const values = metadata[map];
    if (!isFields(values)) continue;
    rest[map] = Object.fromEntries(
      Object.entries(values).filter(([key]) => !dropped.includes(key)),
    );
  }
  return rest;
}

/** On the host's network every port is the host's own: some Kubernetes fill in `hostPort`. */
function withoutMirroredPorts(spec: Fields): Fields {
  const changed: Fields = { ...spec };
  for (const list of ["containers", "initContainers"]) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    changed[list] = containers.map((container) => {
      if (!isFields(container) || !Array.isArray(container["ports"])) return container;
      return { ...container, ports: container["ports"].map(withoutMirroredPort) };
    });
  }
  return changed;
}

function withoutMirroredPort(port: unknown): unknown {
  if (!isFields(port) || port["hostPort"] !== port["containerPort"]) return port;
  const { hostPort: _mirrored, ...rest } = port;
  return rest;
}

function normaliseFields(fields: Fields, node: RuleNode): Fields {
  // Without a prototype, so that a field named `__proto__` is a field like any other.
  const normal: Fields = Object.create(null);
  for (const name of Object.keys(fields)) {
    const child = node.children.get(name) ?? node.children.get("*") ?? NOWHERE;
    const rule = child.rule ?? node.children.get("*")?.rule ?? TEMPLATE_RULES_ANYWHERE[name];
    const value = normaliseField(fields[name], { child, rule, siblings: fields });
    if (value !== undefined) normal[name] = value;
  }
  return normal;
}

interface Place {
  child: RuleNode;
  rule: TemplateRule | undefined;
  siblings: Fields;
}

/** The field's normal value; undefined when it says nothing. */
function normaliseField(raw: unknown, { child, rule, siblings }: Place): unknown {
  if (raw === undefined || raw === null || rule === "ignored") return undefined;
  if (rule === "map") return isFields(raw) ? filledMap(raw) : raw;
  if (rule === "quantity" || rule === "nonzero quantity") {
    const amount = typeof raw === "number" || typeof raw === "string"
      ? quantityMillis(raw)
      : undefined;
    return amount === "0" && rule === "nonzero quantity" ? undefined : amount ?? raw;
  }
  if (rule === "pull policy" && raw === pullPolicyDefault(siblings)) return undefined;
  const value = normaliseValue(raw, child);
  if (typeof rule === "object" && rule.defaults.some((each) => isSame(each, value))) {
    return undefined;
  }
  return rule !== "presence" && isEmpty(value) ? undefined : value;
}

function normaliseValue(value: unknown, node: RuleNode): unknown {
  if (Array.isArray(value)) {
    const item = node.children.get("[]") ?? NOWHERE;
    // The API reads a null item as an empty one, of whatever type the items are.
    return value.map((each) => {
      const normal = normaliseValue(each, item);
      return !Array.isArray(normal) && isEmpty(normal) ? null : normal;
    });
  }
  return isFields(value) ? normaliseFields(value, node) : value;
}

function filledMap(map: Fields): Fields | undefined {
  const filled = Object.fromEntries(
    Object.entries(map).filter(([, value]) => value !== undefined).map(([key, value]) => [
      key,
      // The API reads a null label as an empty one.
      value === null ? "" : value,
    ]),
  );
  return Object.keys(filled).length === 0 ? undefined : filled;
}

function pullPolicyDefault(siblings: Fields): string {
  return defaultPullPolicy(siblings["image"] ?? siblings["reference"]);
}

/**
 * `Always` for an image that may change under its name, `IfNotPresent` for any other, also for what
 * is no name of an image.
 */
export function defaultPullPolicy(image: unknown): "Always" | "IfNotPresent" {
  const match = typeof image === "string" ? IMAGE.exec(image) : null;
  if (match === null) return "IfNotPresent";
  const [, tag, digest] = match;
  const moves = tag === "latest" || (tag === undefined && digest === undefined);
  return moves ? "Always" : "IfNotPresent";
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  return isEmpty(left) && isEmpty(right) && typeof left === typeof right;
}

function isEmpty(value: unknown): boolean {
  if (value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.keys(value).length === 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compileRules(): RuleNode {
  const root: RuleNode = { children: new Map() };
  for (const [pattern, rule] of Object.entries(TEMPLATE_RULES)) {
    for (const node of nodesAt(root, pattern)) node.rule = rule;
  }
  return root;
}

/** The nodes of a pattern, made where they are missing. */
function nodesAt(root: RuleNode, pattern: string): RuleNode[] {
  let nodes = [root];
  for (const part of pattern.match(/\[\]|\{[^}]*\}|[^.[\]{}]+/g) ?? []) {
    const names = part.startsWith("{") ? part.slice(1, -1).split(",") : [part];
    nodes = nodes.flatMap((node) => names.map((name) => childOf(node, name)));
  }
  return nodes;
}

function childOf(node: RuleNode, name: string): RuleNode {
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const made: RuleNode = { children: new Map() };
  node.children.set(name, made);
  return made;
}
