/** YAML documents as trees: their values, and where each value stands. */
import type { FieldLocation } from "../../../sdk/wire/field_place.ts";
import { type MappingNode, readDocuments, type ScalarNode, type YamlNode } from "./yaml_nodes.ts";
import { readKey, readScalar, TAG_PREFIX } from "./yaml_scalar.ts";

/** Values that anchors multiply may not grow beyond this. */
const MOST_NODES = 1_000_000;
const DEEPEST = 500;

/** What is wrong with a text, and at which character. */
export class YamlProblem extends Error {
  constructor(readonly offset: number, message: string, readonly path: FieldLocation = []) {
    super(message);
    this.name = "YamlProblem";
  }
}

/** One document with its value. */
export interface YamlTree {
  readonly value: unknown;
  /** Where the document begins. */
  readonly offset: number;
  /** Keys that stand twice in an object; the last counts. */
  readonly duplicates: readonly { offset: number; path: FieldLocation }[];
  /** The character where the value at a path begins; its nearest ancestor's when it is absent. */
  offsetOf(path: FieldLocation): number;
}

/** What a text holds: documents, and what is wrong with those that cannot be read. */
export interface YamlText {
  /** The documents that hold anything and can be read. */
  readonly trees: readonly YamlTree[];
  /** Of a document that is no YAML the first problem: the others mostly follow from it. */
  readonly problems: readonly YamlProblem[];
}

/** Reads every document of a text. */
export function parseYaml(text: string): YamlText {
  const { documents, problems: syntaxProblems } = readDocuments(text);
  const problems = syntaxProblems.map(({ offset, reason }) =>
    new YamlProblem(offset, sentence(reason))
  );
  const trees: YamlTree[] = [];
  for (const { root, version } of documents) {
    if (root.kind === "scalar" && root.isPlain && root.text === "") continue;
    if (version !== undefined && version !== "1.1") {
      problems.push(new YamlProblem(0, `is YAML ${version}, but only 1.1 is read`));
      continue;
    }
    const read = new TreeReader().read(root);
    if ("tree" in read) trees.push(read.tree);
    else problems.push(...read.problems);
  }
  return { trees, problems };
}

function sentence(reason: string): string {
  if (reason.startsWith("nesting exceeded")) return "is nested too deeply";
  return `is not valid YAML: ${reason}`;
}

class TreeReader {
  readonly #anchors = new Map<string, YamlNode>();
  readonly #targets = new Map<YamlNode, YamlNode>();
  readonly #open = new Set<YamlNode>();
  readonly #duplicates: { offset: number; path: FieldLocation }[] = [];
  readonly #problems: YamlProblem[] = [];
  readonly #refused = new Set<YamlNode>();
  #nodes = 0;

  read(contents: YamlNode): { tree: YamlTree } | { problems: readonly YamlProblem[] } {
    try {
      const tree = this.#tree(contents, this.#value(contents, []));
      return this.#problems.length > 0 ? { problems: this.#problems } : { tree };
    } catch (error) {
      if (!(error instanceof YamlProblem)) throw error;
      return { problems: [...this.#problems, error] };
    }
  }

  #tree(contents: YamlNode, value: unknown): YamlTree {
    return {
      value,
      offset: contents.offset,
      duplicates: this.#duplicates,
      offsetOf: (path) => this.#offsetOf(contents, path),
    };
  }

  #value(node: YamlNode, path: FieldLocation): unknown {
    this.#nodes++;
    if (this.#nodes > MOST_NODES) {
      throw problem(node, `expands to more than ${MOST_NODES} values`, path);
    }
    if (path.length > DEEPEST) throw problem(node, `is nested deeper than ${DEEPEST} levels`, []);
    if (node.kind === "alias") return this.#value(this.#resolved(node, path), path);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (node.kind === "scalar") return this.#scalar(node, path);
    if (this.#open.has(node)) throw problem(node, "contains itself", path);
    this.#open.add(node);
    const value = node.kind === "mapping"
      ? this.#object(node, path)
      : node.items.map((item, index) => this.#value(item, [...path, index]));
    this.#open.delete(node);
    return value;
  }

  /** An alias means the anchor that stands before it, even if one of that name follows. */
  #resolved(node: YamlNode, path: FieldLocation): YamlNode {
    if (node.kind !== "alias") return node;
    const known = this.#targets.get(node) ?? this.#anchors.get(node.name);
    if (known === undefined) {
      throw problem(node, `has an unknown anchor: ${JSON.stringify(node.name)}`, path);
    }
    this.#targets.set(node, known);
    return known;
  }

  #scalar(node: ScalarNode, path: FieldLocation): null | boolean | string | number {
    const reading = readScalar(node);
    if (!("problem" in reading)) return reading.value;
    // The others can be read all the same, and are told in one go.
    if (!this.#refused.has(node)) {
      this.#problems.push(problem(node, `is ${reading.problem}`, path));
    }
    this.#refused.add(node);
    return null;
  }

  #object(map: MappingNode, path: FieldLocation): Record<string, unknown> {
    const fields = new Map<string, unknown>();
    const written = new Set<string>();
    for (const [keyNode, valueNode] of map.pairs) {
      if (isMerge(keyNode)) {
        for (const [key, value] of this.#merged(valueNode, path)) fields.set(key, value);
        continue;
      }
      const key = this.#key(keyNode, path);
      if (written.has(key)) {
        this.#duplicates.push({ offset: keyNode.offset, path: [...path, key] });
      }
      written.add(key);
      fields.set(key, this.#value(valueNode, [...path, key]));
    }
    // Not by assignment: a field may be named `__proto__`.
    return Object.fromEntries(fields);
  }

  #key(node: YamlNode, path: FieldLocation): string {
    const resolved = this.#resolved(node, path);
    if (resolved.kind !== "scalar") {
      throw problem(node, "has an object or list as the name of a field", path);
    }
    if (resolved.anchor !== undefined) this.#anchors.set(resolved.anchor, resolved);
    const reading = readKey(resolved);
    if ("problem" in reading) throw problem(node, `is ${reading.problem}`, path);
    if (reading.value === undefined) {
      throw problem(node, "has null as the name of a field", path);
    }
    return reading.value;
  }

  /** The fields that a merge key brings; of several objects the first counts. */
  #merged(node: YamlNode, path: FieldLocation): [string, unknown][] {
    const resolved = this.#resolved(node, path);
    if (resolved.kind === "mapping") {
      return Object.entries(this.#value(resolved, path) as Record<string, unknown>);
    }
    if (resolved.kind === "sequence") {
      return resolved.items.toReversed().flatMap((item) => {
        const target = this.#resolved(item, path);
        if (target.kind === "mapping") return this.#merged(target, path);
        throw badMerge(item, path);
      });
    }
    throw badMerge(node, path);
  }

  #offsetOf(contents: YamlNode, path: FieldLocation): number {
    let at = contents;
    let { offset } = contents;
    for (const part of path) {
      const next = this.#childOf(at, part);
      if (next === undefined) break;
      offset = next.offset;
      at = this.#targets.get(next) ?? next;
    }
    return offset;
  }

  #childOf(node: YamlNode, part: string | number): YamlNode | undefined {
    if (node.kind === "sequence") return node.items[Number(part)];
    if (node.kind !== "mapping") return undefined;
    for (const [key, value] of node.pairs.toReversed()) {
      if (isMerge(key)) {
        const found = this.#mergedChild(value, part);
        if (found !== undefined) return found;
      } else if (this.#nameOf(key) === String(part)) {
        return value;
      }
    }
    return undefined;
  }

  #mergedChild(node: YamlNode, part: string | number): YamlNode | undefined {
    const target = this.#targets.get(node) ?? node;
    if (target.kind !== "sequence") return this.#childOf(target, part);
    for (const item of target.items) {
      const found = this.#mergedChild(item, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #nameOf(key: YamlNode): string | undefined {
    const target = this.#targets.get(key) ?? key;
    const reading = target.kind === "scalar" ? readKey(target) : { problem: "" };
    return "value" in reading ? reading.value : undefined;
  }
}

function isMerge(key: YamlNode): boolean {
  if (key.kind !== "scalar" || key.text !== "<<") return false;
  return key.tag === undefined ? key.isPlain : key.tag === `${TAG_PREFIX}merge`;
}

function badMerge(node: YamlNode, path: FieldLocation): YamlProblem {
  return problem(node, "has a merge key (<<) of something that is no object", path);
}

function problem({ offset }: YamlNode, message: string, path: FieldLocation): YamlProblem {
  return new YamlProblem(offset, message, path);
}
