/** Writes the generated pages of docs/ and the text of the definitions anew. */
import { customResourceDefinition, KINDS } from "../../core/api/schema/mod.ts";
import { yamlOf } from "./manifest_yaml.ts";
import { specPages } from "./spec_pages.ts";

for (const { path, text } of specPages()) {
  await Deno.writeTextFile(new URL(`../../${path}`, import.meta.url), text);
}

const definitions = KINDS.map(customResourceDefinition).map(yamlOf).join("---\n");
await Deno.writeTextFile(new URL("../../core/cli/definitions.yaml", import.meta.url), definitions);
