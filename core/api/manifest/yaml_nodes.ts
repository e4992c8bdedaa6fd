/** YAML text as nodes: what stands where. What scalars mean is not looked at. */
import {
  type Event,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from "js-yaml";
import { endOfObject } from "./json_text.ts";
import { PaddedText } from "./padded_text.ts";
import { TAG_PREFIX, type WrittenScalar } from "./yaml_scalar.ts";

/** The parser recurses. What is nested less deeply can still be refused with its own place. */
const DEEPEST = 600;
const ABSENT = -1;

/** Where a node stands, and how aliases call it. */
interface Placed {
  readonly offset: number;
  readonly anchor?: string | undefined;
}

/** Text that stands for a value or names a field. */
export interface ScalarNode extends Placed, WrittenScalar {
  readonly kind: "scalar";
}

/** A list. */
export interface SequenceNode extends Placed {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
}

/** An object: its fields as they are written, keys that stand twice among them. */
export interface MappingNode extends Placed {
  readonly kind: "mapping";
  readonly pairs: readonly (readonly [key: YamlNode, value: YamlNode])[];
}

/** The name of a node that stands elsewhere. */
export interface AliasNode extends Placed {
  readonly kind: "alias";
  readonly name: string;
}

/** Anything in a document. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

/** One document. */
export interface YamlDocument {
  readonly root: YamlNode;
  /** The version that a directive names. */
  readonly version: string | undefined;
}

/** Why a document is no YAML, and at which character. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly reason: string;
}

/** The documents of a text; one that is no YAML takes nothing from the others. */
export function readDocuments(
  text: string,
): { documents: readonly YamlDocument[]; problems: readonly SyntaxProblem[] } {
  const whole = readPart(text, 0);
  if (Array.isArray(whole)) return { documents: whole, problems: [] };
  // The parser ends where anything is wrong: now each document is read by itself.
  const parts = [...partsOf(text)].map(({ start, end }) => readPart(text.slice(start, end), start));
  return {
    documents: parts.flatMap((part) => Array.isArray(part) ? part : []),
    problems: parts.flatMap((part) => Array.isArray(part) ? [] : [part]),
  };
}

/** The documents of a part of a text that begins at `start`, or what is wrong with it. */
function readPart(text: string, start: number): YamlDocument[] | SyntaxProblem {
  let padded = new PaddedText(text);
  for (;;) {
    try {
      return new NodeReader(padded, start).documents();
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      const position = error.mark?.position ?? 0;
      const next = error.reason === TOO_FAR_LEFT ? padded.withLineAt(position) : undefined;
      if (next === undefined) {
        return { offset: start + padded.offsetOf(position), reason: error.reason };
      }
      padded = next;
    }
  }
}

/** What the parser says of a line in brackets or quotes, which Kubernetes' tools take. */
const TOO_FAR_LEFT = "deficient indentation";

/** A text cut before each line `---` and after each `...`: wherever they are, a document ends. */
function* partsOf(text: string): Generator<Part> {
  let start = 0;
  for (const { index } of text.matchAll(/^---(?=\s|$)|(?<=^\.\.\.(?:[ \t\r].*)?\n)/gm)) {
    // Directives and remarks belong to the document that follows.
    if (/^(?:[%#].*\n|\s*\n)*$/.test(text.slice(start, index))) continue;
    yield* objectsOf(text, { start, end: index });
    start = index;
  }
  yield* objectsOf(text, { start, end: text.length });
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** Objects of JSON may stand side by side, without anything between them. */
function* objectsOf(text: string, { start, end }: Part): Generator<Part> {
  let from = start;
  for (;;) {
    const after = endOfObject(text, from, end);
    if (after === undefined || !/^\s*\{/.test(text.slice(after, end))) break;
    yield { start: from, end: after };
    from = after;
  }
  yield { start: from, end };
}

type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
type CollectionEvent = Extract<Event, { style: 1 | 2; start: number }>;

/** What stands between the end of a field's name and its value, and before an item of a list. */
const COLON = /["'\]}\s]*:/y;
const DASH = /(?:["'\]},\s]|#.*\n)*-(?=\s|$)/y;

/** Makes nodes of the parser's events, which come in the order of the text. */
class NodeReader {
  readonly #text: string;
  readonly #padded: PaddedText;
  readonly #start: number;
  readonly #events: readonly Event[];
  #next = 0;
  /** Where what was read last ends. */
  #end = 0;
  #tagPrefixes = new Map<string, string>();

  constructor(padded: PaddedText, start: number) {
    this.#text = padded.text;
    this.#padded = padded;
    this.#start = start;
    this.#events = parseEvents(this.#text, { maxDepth: DEEPEST });
  }

  documents(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    while (this.#next < this.#events.length) {
      const event = this.#events[this.#next++];
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      this.#tagPrefixes = new Map(
        event.directives.flatMap((each) => each.kind === "tag" ? [[each.handle, each.prefix]] : []),
      );
      const version = event.directives.find((each) => each.kind === "yaml")?.version;
      const root = this.#node();
      if (root !== undefined) documents.push({ root, version });
    }
    return documents;
  }

  /** The next node; undefined at the end of what is open. `lead` stands before it. */
  #node(lead?: RegExp): YamlNode | undefined {
    const event = this.#events[this.#next++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event, lead);
      case EVENT_ID.ALIAS: {
        this.#end = event.anchorEnd;
        const name = this.#text.slice(event.anchorStart, event.anchorEnd);
        return { kind: "alias", offset: this.#offsetAt(event.anchorStart - 1), name };
      }
      case EVENT_ID.SEQUENCE:
        return { kind: "sequence", ...this.#placeOf(event), items: this.#items() };
      case EVENT_ID.MAPPING:
        return { kind: "mapping", ...this.#placeOf(event), pairs: this.#pairs() };
      default:
        return undefined;
    }
  }

  #placeOf(event: CollectionEvent): Placed {
    this.#end = event.start;
    return { offset: this.#offsetAt(event.start), anchor: this.#anchorOf(event) };
  }

  #items(): YamlNode[] {
    const items: YamlNode[] = [];
    for (let item = this.#node(DASH); item !== undefined; item = this.#node(DASH)) items.push(item);
    return items;
  }

  #pairs(): [YamlNode, YamlNode][] {
    const pairs: [YamlNode, YamlNode][] = [];
    for (let key = this.#node(); key !== undefined; key = this.#node()) {
      const value = this.#node(COLON);
      if (value !== undefined) pairs.push([key, value]);
    }
    return pairs;
  }

  #scalar(event: ScalarEvent, lead: RegExp | undefined): ScalarNode {
    const offset = this.#offsetAt(this.#offsetOf(event, lead));
    this.#end = Math.max(this.#end, event.valueEnd, event.anchorEnd, event.tagEnd);
    return {
      kind: "scalar",
      offset,
      anchor: this.#anchorOf(event),
      text: getScalarValue(this.#text, event),
      isPlain: event.style === SCALAR_STYLE.PLAIN,
      tag: this.#tagOf(event),
    };
  }

  #offsetAt(position: number): number {
    return this.#start + this.#padded.offsetOf(position);
  }

  /** Quotes and the sign of a block belong to a scalar; one without text stands after its lead. */
  #offsetOf(event: ScalarEvent, lead: RegExp | undefined): number {
    const { style, valueStart, anchorEnd, tagEnd } = event;
    if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
      return valueStart - 1;
    }
    if (style !== SCALAR_STYLE.PLAIN) {
      const before = this.#text.slice(this.#end, valueStart);
      return this.#end + Math.max(before.search(/(?<=\s)[|>]/), 0);
    }
    if (valueStart !== ABSENT) return valueStart;
    if (anchorEnd !== ABSENT || tagEnd !== ABSENT) return Math.max(anchorEnd, tagEnd);
    if (lead === undefined) return this.#end;
    lead.lastIndex = this.#end;
    if (lead.test(this.#text)) this.#end = lead.lastIndex;
    return this.#end;
  }

  #anchorOf({ anchorStart, anchorEnd }: CollectionEvent | ScalarEvent): string | undefined {
    return anchorStart === ABSENT ? undefined : this.#text.slice(anchorStart, anchorEnd);
  }

  /** The full name of a tag, e.g. `tag:yaml.org,2002:int` for `!!int`. */
  #tagOf({ tagStart, tagEnd }: ScalarEvent): string | undefined {
    if (tagStart === ABSENT) return undefined;
    const written = this.#text.slice(tagStart, tagEnd);
    if (written.startsWith("!<")) return written.slice(2, -1);
    const handle = written.slice(0, written.indexOf("!", 1) + 1) || "!";
    const prefix = this.#tagPrefixes.get(handle) ?? (handle === "!!" ? TAG_PREFIX : handle);
    return prefix + written.slice(handle.length);
  }
}
