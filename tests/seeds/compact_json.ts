/** JSON for files that people review: what fits on a line stands on one. */
import type { Json } from "../../sdk/wire/json.ts";

// Wide enough for an event or a condition: one thing on a line makes a diff readable.
const WIDTH_COLUMNS = 200;
const INDENT = "  ";

/** The value as JSON text, broken only where a line would be longer than 200 columns. */
export function compactJson(value: Json): string {
  return `${format(value, { indent: "", used: 0 })}\n`;
}

interface Place {
  indent: string;
  /** Columns already taken on the line, with what must follow on it. */
  used: number;
}

function format(value: Json, { indent, used }: Place): string {
  const line = oneLine(value);
  if (used + line.length <= WIDTH_COLUMNS || value === null || typeof value !== "object") {
    return line;
  }
  const below = indent + INDENT;
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      below + format(item, { indent: below, used: below.length + 1 })
    );
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).map(([key, item]) => {
    const start = `${below}${JSON.stringify(key)}: `;
    return start + format(item, { indent: below, used: start.length + 1 });
  });
  return `{\n${fields.join(",\n")}\n${indent}}`;
}

function oneLine(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  const fields = Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
