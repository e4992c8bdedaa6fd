/** YAML documents as trees: their values, and where each value stands. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { FieldLocation } from "../field_place.ts";
import { readKey, readScalar, type WrittenScalar } from "./yaml_scalar.ts";

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
  readonly lines: LineCounter;
}

/** Reads every document of a text. @throws {RangeError} when it is nested too deeply */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.1",
    // All scalars are text for the library: what they mean is ours to say.
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: lines,
  });
  const parsed = Array.isArray(documents) ? documents : [];
  const problems = parsed.flatMap((document) => syntaxProblem(document) ?? []);
  const trees: YamlTree[] = [];
  for (const document of parsed) {
    const { contents } = document;
    const isNothing = contents === null ||
      (isScalar(contents) && contents.source === "" && contents.type === "PLAIN");
    if (isNothing || syntaxProblem(document) !== undefined) continue;
    const read = new TreeReader(document).read(contents);
    if ("tree" in read) trees.push(read.tree);
    else problems.push(...read.problems);
  }
  return { trees, problems, lines };
}

function syntaxProblem({ errors, directives }: Document.Parsed): YamlProblem | undefined {
  const [error] = errors;
  if (error !== undefined) return new YamlProblem(error.pos[0], sentence(error.message));
  if (directives?.yaml.explicit !== true || directives.yaml.version === "1.1") return undefined;
  return new YamlProblem(0, `is YAML ${directives.yaml.version}, but only 1.1 is read`);
}

function sentence(message: string): string {
  // The library recurses, and reports the end of the stack like any other error.
  if (message.includes("call stack")) return "is nested too deeply";
  const [line = ""] = message.split("\n");
  return `is no valid YAML: ${line.replace(/[:.]\s*$/, "")}`;
}

class TreeReader {
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Node, Node>();
  readonly #open = new Set<Node>();
  readonly #duplicates: { offset: number; path: FieldLocation }[] = [];
  readonly #problems: YamlProblem[] = [];
  readonly #refused = new Set<Node>();
  readonly #start: number;
  #nodes = 0;

  constructor(document: Document.Parsed) {
    this.#start = document.range[0];
  }

  read(contents: Node): { tree: YamlTree } | { problems: readonly YamlProblem[] } {
    try {
      const tree = this.#tree(contents, this.#value(contents, []));
      return this.#problems.length > 0 ? { problems: this.#problems } : { tree };
    } catch (error) {
      if (!(error instanceof YamlProblem)) throw error;
      return { problems: [...this.#problems, error] };
    }
  }

  #tree(contents: Node, value: unknown): YamlTree {
    return {
      value,
      offset: offsetOfNode(contents) ?? this.#start,
      duplicates: this.#duplicates,
      offsetOf: (path) => this.#offsetOf(contents, path),
    };
  }

  #value(node: Node | null, path: FieldLocation): unknown {
    if (node === null) return null;
    this.#nodes++;
    if (this.#nodes > MOST_NODES) {
      throw this.#problem(node, `expands to more than ${MOST_NODES} values`, path);
    }
    if (path.length > DEEPEST) {
      throw this.#problem(node, `is nested deeper than ${DEEPEST} levels`, []);
    }
    if (isAlias(node)) return this.#value(this.#target(node, path), path);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, path);
    if (this.#open.has(node)) throw this.#problem(node, "contains itself", path);
    this.#open.add(node);
    const value = isMap(node)
      ? this.#object(node, path)
      : isSeq(node)
      ? node.items.map((item, index) => this.#value(item as Node | null, [...path, index]))
      : null;
    this.#open.delete(node);
    return value;
  }

  /** An alias means the anchor that stands before it, even if one of that name follows. */
  #target(alias: Node & { source: string }, path: FieldLocation): Node {
    const known = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (known === undefined) {
      throw this.#problem(alias, `has an unknown anchor: ${JSON.stringify(alias.source)}`, path);
    }
    this.#targets.set(alias, known);
    return known;
  }

  #scalar(node: Node, path: FieldLocation): null | boolean | string | number {
    const reading = readScalar(writtenScalar(node));
    if (!("problem" in reading)) return reading.value;
    // The others can be read all the same, and are told in one go.
    if (!this.#refused.has(node)) {
      this.#problems.push(this.#problem(node, `is ${reading.problem}`, path));
    }
    this.#refused.add(node);
    return null;
  }

  #object(map: YAMLMap, path: FieldLocation): Record<string, unknown> {
    const fields = new Map<string, unknown>();
    const written = new Set<string>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      if (isMerge(pair.key)) {
        for (const [key, value] of this.#merged(pair.value, path)) fields.set(key, value);
        continue;
      }
      const key = this.#key(pair.key, { map, path });
      if (written.has(key)) {
        const offset = offsetOfNode(pair.key) ?? this.#start;
        this.#duplicates.push({ offset, path: [...path, key] });
      }
      written.add(key);
      fields.set(key, this.#value(pair.value, [...path, key]));
    }
    // Not by assignment: a field may be named `__proto__`.
    return Object.fromEntries(fields);
  }

  #key(node: Node | null, { map, path }: { map: Node; path: FieldLocation }): string {
    const resolved = isAlias(node) ? this.#target(node, path) : node;
    if (resolved !== null && !isScalar(resolved)) {
      throw this.#problem(node, "has an object or list as the name of a field", path);
    }
    if (resolved?.anchor !== undefined) this.#anchors.set(resolved.anchor, resolved);
    const reading = resolved === null ? { value: undefined } : readKey(writtenScalar(resolved));
    if ("problem" in reading) throw this.#problem(node, `is ${reading.problem}`, path);
    if (reading.value === undefined) {
      throw this.#problem(node ?? map, "has null as the name of a field", path);
    }
    return reading.value;
  }

  /** The fields that a merge key brings; of several objects the first counts. */
  #merged(node: Node | null, path: FieldLocation): [string, unknown][] {
    const resolved = isAlias(node) ? this.#target(node, path) : node;
    if (isMap(resolved)) {
      return Object.entries(this.#value(resolved, path) as Record<string, unknown>);
    }
    if (isSeq(resolved)) {
      return (resolved.items as (Node | null)[]).toReversed().flatMap((item) => {
        const target = isAlias(item) ? this.#target(item, path) : item;
        if (isMap(target)) return this.#merged(target, path);
        throw this.#badMerge(item, path);
      });
    }
    throw this.#badMerge(node, path);
  }

  #badMerge(node: Node | null, path: FieldLocation): YamlProblem {
    return this.#problem(node, "has a merge key (<<) of something that is no object", path);
  }

  #problem(node: Node | null, message: string, path: FieldLocation): YamlProblem {
    return new YamlProblem(offsetOfNode(node) ?? this.#start, message, path);
  }

  #offsetOf(contents: Node, path: FieldLocation): number {
    let at: Node = contents;
    let offset = offsetOfNode(contents) ?? this.#start;
    for (const part of path) {
      const next = this.#childOf(at, part);
      if (next === undefined) break;
      offset = offsetOfNode(next) ?? offset;
      at = isAlias(next) ? this.#targets.get(next) ?? next : next;
    }
    return offset;
  }

  #childOf(node: Node, part: string | number): Node | undefined {
    if (isSeq(node)) return (node.items[Number(part)] ?? undefined) as Node | undefined;
    if (!isMap(node)) return undefined;
    const pairs = (node.items as Pair<Node | null, Node | null>[]).toReversed();
    for (const { key, value } of pairs) {
      if (isMerge(key)) {
        const found = this.#mergedChild(value, part);
        if (found !== undefined) return found;
      } else if (this.#nameOf(key) === String(part)) {
        return value ?? key ?? undefined;
      }
    }
    return undefined;
  }

  #mergedChild(node: Node | null, part: string | number): Node | undefined {
    const target = isAlias(node) ? this.#targets.get(node) : node;
    if (isMap(target)) return this.#childOf(target, part);
    if (!isSeq(target)) return undefined;
    for (const item of target.items as Node[]) {
      const found = this.#mergedChild(item, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #nameOf(key: Node | null): string | undefined {
    const target = isAlias(key) ? this.#targets.get(key) : key;
    const reading = isScalar(target) ? readKey(writtenScalar(target)) : { problem: "" };
    return "value" in reading ? reading.value : undefined;
  }
}

function writtenScalar(node: Node): WrittenScalar {
  const { source, type, value, tag } = node as Scalar;
  return {
    text: typeof value === "string" ? value : source ?? "",
    isPlain: type === undefined || type === "PLAIN",
    tag,
  };
}

function isMerge(key: Node | null): boolean {
  if (!isScalar(key) || key.value !== "<<") return false;
  return key.tag === undefined ? key.type === "PLAIN" : key.tag === "tag:yaml.org,2002:merge";
}

function offsetOfNode(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}
