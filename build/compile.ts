/** Executables of the program: the bundle, compiled. */
import { BUNDLE, RELEASE } from "./paths.ts";
import { bundle } from "./bundle.ts";
import { run, say } from "./commands.ts";
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
export function compileArguments(name: string, target: string): string[] {
  return [
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    // A permission that is missing is an error, and never a question.
    "--no-prompt",
    ...RUNTIME_PERMISSIONS,
    ...(name.startsWith("controller-") ? CONTROLLER_FLAGS : []),
    // What is loaded when it is needed is found by nobody.
    ...["--include", BUNDLE],
    ...["--target", target],
    ...["--output", `${RELEASE}/sluice-${name}`],
    `${BUNDLE}/main.js`,
  ];
}

if (import.meta.main) {
  const names = Deno.args.length > 0 ? Deno.args : Object.keys(TARGETS);
  const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));
  if (unknown !== undefined) {
    throw new Error(`Cannot compile for "${unknown}"; use ${Object.keys(TARGETS).join(", ")}`);
  }
  await bundle();
  for (const name of names) {
    await run(Deno.execPath(), compileArguments(name, TARGETS[name] ?? ""));
    say(`${RELEASE}/sluice-${name}`);
  }
}
