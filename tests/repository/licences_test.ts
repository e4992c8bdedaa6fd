import assert from "node:assert/strict";
import { join } from "node:path";
import configuration from "../../deno.json" with { type: "json" };
import { importsOf, rootDirectory, sourceFiles } from "./source_files.ts";

Deno.test("each library of the program is in core/cli/licences.txt (deno task licenses:update)", () => {
  const text = Deno.readTextFileSync(join(rootDirectory, "core/cli/licences.txt"));
  const files = sourceFiles().filter(({ path }) => !path.startsWith("sdk/testing/"));
  const imported = new Set(files.flatMap(({ text }) => importsOf(text)));
  const libraries = Object.entries(configuration.imports).filter(([name]) =>
    [...imported].some((each) => each === name || each.startsWith(name.replace(/\/?$/, "/")))
  );
  assert.ok(libraries.length > 5);
  const missing = libraries.map(([, specifier]) => specifier.replace(/^npm:\/?|\/$/g, ""))
    // Types alone are in no program.
    .filter((id) => !id.startsWith("kubernetes-types@"))
    .filter((id) => !text.includes(`\n${id.replace(/@([^@]*)$/, " $1")} `));
  assert.deepEqual(missing, []);
});
