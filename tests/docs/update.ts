/** Writes the generated pages of docs/ anew. */
import { specPages } from "./spec_pages.ts";

for (const { path, text } of specPages()) {
  await Deno.writeTextFile(new URL(`../../${path}`, import.meta.url), text);
}
