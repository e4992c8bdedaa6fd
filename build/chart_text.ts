/**
 * Objects with marks in them, as the text of a template. A mark is `@name@` where an expression is
 * to stand, and a key or an element `@@name@` where lines are.
 */
import { Document } from "yaml";

/** Lines for a place that is so many columns to the right. */
export type Lines = (columns: number) => readonly string[];

export interface Marks {
  readonly expressions: Readonly<Record<string, string>>;
  readonly blocks: Readonly<Record<string, Lines>>;
}

export function templateText(value: unknown, marks: Marks): string {
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  const lines = document.toString({ lineWidth: 0 }).trimEnd().split("\n");
  return `${lines.flatMap((line) => expanded(line, marks)).join("\n")}\n`;
}

const BLOCK = /^( *)(?:- )?"@@(\w+)@"(?:: null)?$/;

function expanded(line: string, { expressions, blocks }: Marks): readonly string[] {
  const [, space = "", name] = BLOCK.exec(line) ?? [];
  if (name !== undefined) {
    const block = found(blocks, name)(space.length);
    return block.map((text) => space + text);
  }
  return [line.replaceAll(/"@(\w+)@"/g, (_, mark: string) => found(expressions, mark))];
}

function found<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = table[name];
  if (value === undefined) throw new Error(`Cannot write the chart: nothing stands for ${name}`);
  return value;
}

/** A field that is there when the value is set. */
export function field(name: string, path: string): Lines {
  return (columns) => [
    `{{- with ${path} }}`,
    `${name}:`,
    `  {{- toYaml . | nindent ${columns + 2} }}`,
    "{{- end }}",
  ];
}

/** The elements of a list, or the entries of a map, beside those that are always there. */
export function entries(path: string): Lines {
  return (columns) => [
    `{{- with ${path} }}`,
    `{{- toYaml . | nindent ${columns} }}`,
    "{{- end }}",
  ];
}

/** What a helper of the chart prints. */
export function included(helper: string): Lines {
  return (columns) => [`{{- include "${helper}" . | nindent ${columns} }}`];
}

/** Values as a file: a key that begins with # is the comment above the next one. */
export function valuesText(values: unknown): string {
  const text = new Document(values, { aliasDuplicateObjects: false }).toString({ lineWidth: 0 });
  return text.replaceAll(/^( *)"#\d+": "?(.*?)"?$/gm, "$1# $2");
}
