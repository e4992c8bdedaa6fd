/** The forms in which a verb about a cluster can print. */
import type { Flags } from "../command/flags.ts";

export const OUTPUT_FLAG = {
  output: {
    short: "o",
    value: "FORMAT",
    default: "text",
    choices: ["text", "json", "yaml", "name"],
    about: "text, json, yaml or name",
  },
} as const satisfies Flags;

export type OutputFormat = "text" | "json" | "yaml" | "name";

/** A value for programs. */
export async function dataText(value: unknown, format: "json" | "yaml"): Promise<string> {
  if (format === "json") return `${JSON.stringify(value, null, 2)}\n`;
  return (await import("./yaml_text.ts")).yamlText(value);
}
