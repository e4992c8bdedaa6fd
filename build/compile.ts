/** Executables of the program: the bundle, compiled. */
import { BUNDLE, RELEASE } from "./paths.ts";
import { bundle } from "./bundle.ts";
import { asProgram, messageOf, run, say } from "./commands.ts";
import { CONTROLLER_FLAGS } from "./controller_flags.ts";
import { RUNTIME_PERMISSIONS } from "./permissions.ts";

/** What is released, by the name that users know. */
export const TARGETS: Readonly<Record<string, string>> = Object.freeze({
  "linux-x64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "macos-arm64": "aarch64-apple-darwin",
  // For the image.
  "controller-linux-x64": "x86_64-unknown-linux-gnu",
  "controller-linux-arm64": "aarch64-unknown-linux-gnu",
});

/** The arguments of `deno` for one of them. */
export function compileArguments(
  name: string,
  target: string,
  { from = BUNDLE, into = RELEASE }: { readonly from?: string; readonly into?: string } = {},
): string[] {
  return [
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    // A permission that is missing is an error, and never a question.
    "--no-prompt",
    ...RUNTIME_PERMISSIONS,
    // All that the program runs is inside; without this some hosts may hand it more.
    "--deny-import",
    ...(name.startsWith("controller-") ? CONTROLLER_FLAGS : []),
    // What is loaded when it is needed is found by nobody.
    ...["--include", from],
    ...["--target", target],
    ...["--output", `${into}/sluice-${name}`],
    `${from}/main.js`,
  ];
}

/**
 * What is to be compiled: what the user names, or all.
 *
 * @param runtimePart the file that the user has instead of the one that is fetched (`DENORT_BIN`)
 * @throws in a sentence, where that cannot be
 */
export function chosenTargets(names: readonly string[], runtimePart?: string): readonly string[] {
  const all = Object.keys(TARGETS);
  const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));
  if (unknown !== undefined) {
    throw new Error(`Cannot compile for "${unknown}"; use ${all.join(", ")}`);
  }
  const chosen = names.length > 0 ? names : all;
  const systems = new Set(chosen.map((name) => TARGETS[name]));
  // The compiler would put it into every file, whatever system that is for.
  if (runtimePart && systems.size > 1) {
    throw new Error(
      `Cannot compile for ${[...systems].join(", ")}: DENORT_BIN is the runtime part of one ` +
        "system; name what is for that one",
    );
  }
  return chosen;
}

/** Why the compiler failed, in a sentence, where it is for want of its runtime part. */
export function compileFailure(name: string, message: string): string {
  const { url, why } = UNFETCHED.exec(message)?.groups ?? {};
  if (url === undefined) return message;
  return `Cannot compile for ${name}: the compiler's runtime part cannot be fetched from ${url} ` +
    `(${why}); fetch it elsewhere, and name the unpacked file in DENORT_BIN`;
}

const UNFETCHED = /request for url \((?<url>\S+\/denort-\S+?)\): (?<why>.+)/;

async function main(): Promise<void> {
  const names = chosenTargets(Deno.args, Deno.env.get("DENORT_BIN"));
  await bundle();
  for (const name of names) {
    try {
      await run(Deno.execPath(), compileArguments(name, TARGETS[name] ?? ""));
    } catch (error) {
      throw new Error(compileFailure(name, messageOf(error)));
    }
    say(`${RELEASE}/sluice-${name}`);
  }
}

if (import.meta.main) await asProgram(main);
