/** The program as a few small files that start fast. */
import { run } from "./commands.ts";
import { BUNDLE, ROOT } from "./paths.ts";

export interface BundleOptions {
  /** Default: the program. */
  readonly main?: string;
  /** Default: `dist` of the repository; it is made anew. */
  readonly folder?: string;
  /** As written, with the name of the file that each part comes from. */
  readonly isReadable?: boolean;
}

/** Writes `main.js`, or as `main` is called, and the files that it loads when they are needed. */
export async function bundle(
  { folder = BUNDLE, main = "main.ts", isReadable }: BundleOptions = {},
): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const form = isReadable ? [] : ["--minify"];
  const args = ["bundle", "-q", "--platform=deno", "--code-splitting", ...form];
  await run(Deno.execPath(), [...args, "--outdir", folder, main], { cwd: ROOT });
  const files = [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
  const texts = new Map(files.map((file) => [file, Deno.readTextFileSync(file)]));
  const nameless = [...texts].filter(([, text]) => /export default \w+\(\);\s*$/.test(text));
  if (nameless.length > 0) {
    throw new Error(
      `Cannot bundle ${nameless.map(([file]) => file)}: a library that is loaded lazily would ` +
        "lose its names; import it in a file of ours, and load that",
    );
  }
  const later = changed(texts, loadedWhenNeeded);
  const required = changed(texts, requiredWhenNeeded);
  // Another version of the bundler may write something else: that must not stay unnoticed.
  if (later === 0 || required !== 1) {
    throw new Error(
      `Cannot make the bundle start fast: ${later} files load others, ${required} has "require"`,
    );
  }
  for (const [file, text] of texts) await Deno.writeTextFile(file, text);
}

/** How many of the texts a change is about. */
function changed(texts: Map<string, string>, change: (text: string) => string): number {
  let count = 0;
  for (const [file, text] of texts) {
    const after = change(text);
    if (after === text) continue;
    texts.set(file, after);
    count++;
  }
  return count;
}

/**
 * The runtime reads and parses ahead every file that is imported by a name it can see, also where
 * the import is in a function. That is all of them, and takes longer than most commands.
 */
function loadedWhenNeeded(text: string): string {
  return text.replaceAll(/\bimport\("(\.\/[^"]+)"\)/g, 'import((0,"$1"))');
}

/** The same for Node's modules: only libraries that no short command needs ask for them. */
function requiredWhenNeeded(text: string): string {
  return text.replace(CREATE_REQUIRE, "var $2=(name)=>process.getBuiltinModule(name);");
}

const CREATE_REQUIRE = new RegExp(
  String.raw`import\s*\{\s*createRequire as (\w+)\s*\} from "node:module";\s*` +
    String.raw`var (\w+) ?= ?\1\(import\.meta\.url\);`,
);

if (import.meta.main) await bundle();
