/**
 * Executables, as far as they can be judged where the compiler's runtime part cannot be fetched:
 * the runtime itself takes its place, and what was put into the file is read.
 */
import assert from "node:assert/strict";
import { bundle } from "../../build/bundle.ts";
import { chosenTargets, compileArguments, compileFailure, TARGETS } from "../../build/compile.ts";
import { run } from "../../build/commands.ts";
import { RUNTIME_PERMISSIONS } from "../../build/permissions.ts";

Deno.test("an executable holds the bundle, and may do what the program needs", async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice-executable-" });
  try {
    const from = `${folder}/dist`;
    await bundle({ folder: from });
    const name = "controller-linux-x64";
    const args = compileArguments(name, TARGETS[name] ?? "", { from, into: folder });
    await run(Deno.execPath(), args, { env: { DENORT_BIN: Deno.execPath() } });
    const { settings, files } = await embedded(`${folder}/sluice-${name}`);
    const { permissions, ...others } = settings;
    const granted = Object.entries(permissions)
      .filter(([key, value]) => key.startsWith("allow_") && value !== null)
      .map(([key]) => `--${key.replace("_", "-")}`)
      // What this one lets in by itself is refused below.
      .filter((flag) => flag !== "--allow-import");
    assert.deepEqual(granted.sort(), [...RUNTIME_PERMISSIONS].sort());
    assert.deepEqual([permissions["deny_import"], permissions["prompt"]], [[], false]);
    assert.equal(others.entrypoint_key, "main.js");
    assert.ok(others.v8_flags.includes("--max-semi-space-size=4"), others.v8_flags.join());
    const bundled = [...Deno.readDirSync(from)].map((entry) => entry.name);
    assert.ok(bundled.length > 50);
    assert.deepEqual(files.sort(), bundled.sort());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a runtime part of one's own is put into executables of one system alone", () => {
  const all = Object.keys(TARGETS);
  assert.deepEqual(chosenTargets([]), all);
  assert.deepEqual(chosenTargets(["linux-arm64"], "/denort"), ["linux-arm64"]);
  const linux = ["linux-x64", "controller-linux-x64"];
  assert.deepEqual(chosenTargets(linux, "/denort"), linux);
  assert.throws(() => chosenTargets([], "/denort"), /^Error: Cannot compile for x86_64-\S+, /);
  assert.throws(() => chosenTargets(["solaris"]), {
    message: `Cannot compile for "solaris"; use ${all.join(", ")}`,
  });
});

Deno.test("a runtime part that cannot be fetched is told in one sentence", () => {
  const url = "https://dl.deno.land/release/v2.9.6/denort-x86_64-unknown-linux-gnu.zip";
  const cause = "client error (Connect): dns error: Name or service not known";
  const message = "Cannot deno compile --quiet: error: Writing to 'sluice.tmp'\n\nCaused by:\n" +
    `    0: Setting up base binary.\n    1: error sending request for url (${url}): ${cause}\n` +
    "    2: client error (Connect)\n";
  assert.equal(
    compileFailure("linux-x64", message),
    `Cannot compile for linux-x64: the compiler's runtime part cannot be fetched from ${url} ` +
      `(${cause}); fetch it elsewhere, and name the unpacked file in DENORT_BIN`,
  );
  assert.equal(compileFailure("linux-x64", "no space left"), "no space left");
});

interface Embedded {
  /** How the runtime is to run it. */
  readonly settings: {
    readonly permissions: Readonly<Record<string, unknown>>;
    readonly entrypoint_key: string;
    readonly v8_flags: readonly string[];
  };
  /** The names of the files inside. */
  readonly files: string[];
}

/** What the compiler appended: JSON after a mark, with its length before it, and a list of files. */
async function embedded(path: string): Promise<Embedded> {
  const bytes = await Deno.readFile(path);
  const view = new DataView(bytes.buffer);
  const json = (at: number) => {
    assert.ok(at > 0, "it is not embedded");
    const end = at + Number(view.getBigUint64(at - 8, true));
    return JSON.parse(new TextDecoder().decode(bytes.subarray(at, end)));
  };
  const settings = indexOf(bytes, '{"argv":', 0);
  const files = json(indexOf(bytes, '[{"File":', settings));
  return {
    settings: json(settings),
    files: files.map(({ File }: { readonly File: { readonly n: string } }) => File.n),
  };
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  const part = new TextEncoder().encode(text);
  const next = (at: number) => bytes.indexOf(part[0] ?? 0, at);
  for (let at = next(from); at >= 0; at = next(at + 1)) {
    if (part.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
