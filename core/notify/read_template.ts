/** `template.<name>` of a ConfigMap: a message, and what single services show. */
import { isFields, isUnset } from "../../sdk/wire/json.ts";
import { type Block, type Broken, isBroken, type MessageTemplate } from "./config.ts";
import type { KeyReader } from "./key_reader.ts";
import { parseTemplate, type Template } from "./template/mod.ts";

type Path = readonly (string | number)[];

/** Deeper than anything that a service shows. */
const DEPTH_MAX = 100;

export function readTemplate(reader: KeyReader): MessageTemplate | Broken {
  const read = reader.read();
  if (isBroken(read)) return read;
  const value = read.value ?? {};
  if (!isFields(value)) {
    return { error: reader.tell("must be an object with a message, and fields for services") };
  }
  const { message = "", ...others } = value;
  if (typeof message !== "string" && !isUnset(message)) {
    return { error: reader.tell("must be a text", ["message"]) };
  }
  const blocks = new BlockReader(reader);
  const text = blocks.text(message ?? "", ["message"]);
  const entries = Object.entries(others).map(([type, block]) =>
    [type, blocks.block(block, [type])] as const
  );
  if (blocks.error !== undefined) return { error: blocks.error };
  return {
    message: message === "" ? undefined : text,
    messageText: message ?? "",
    blocks: Object.fromEntries(entries),
  };
}

/** Reads all texts of a template; the first that is none is kept as the error. */
class BlockReader {
  readonly #reader: KeyReader;
  error: string | undefined;

  constructor(reader: KeyReader) {
    this.#reader = reader;
  }

  text(text: string, path: Path): Template | undefined {
    const name = `${this.#reader.key} ${path.join(".")}`;
    const outcome = parseTemplate({ name, text });
    if (outcome.error === undefined) return outcome.template;
    const { reason, line, column } = outcome.error;
    const told = this.#reader.tellWithin(reason, path, { text, line, column });
    this.error ??= told;
    return undefined;
  }

  block(value: unknown, path: Path): Block {
    if (path.length > DEPTH_MAX) {
      this.error ??= this.#reader.tell(`is nested deeper than ${DEPTH_MAX} levels`, path);
      return { is: "value", value: null };
    }
    if (typeof value === "string") {
      const template = this.text(value, path);
      return template === undefined ? { is: "value", value } : { is: "text", template };
    }
    if (Array.isArray(value)) {
      return { is: "list", items: value.map((item, index) => this.block(item, [...path, index])) };
    }
    if (!isFields(value)) return { is: "value", value };
    const fields = Object.entries(value).map(([key, field]) =>
      [key, this.block(field, [...path, key])] as const
    );
    return { is: "fields", fields };
  }
}
