/** The verbs of the program as a user runs them, each in a process of its own. */
import type { CommandLine } from "../seeds/run_case.ts";
import { BUNDLE_START, bundled } from "./bundled.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Runs verbs in this namespace; bundled, which takes its time once and saves some with each. */
export function commandLineOf(
  plane: ControlPlane,
  namespace: string,
  { isBundled = true } = {},
): CommandLine {
  return async (words) => {
    const start = isBundled
      ? [...BUNDLE_START, await bundled(plane, MAIN)]
      : ["run", "-q", "-A", "--no-check", MAIN];
    const connection = ["--kubeconfig", plane.kubeconfigPath, "-n", namespace];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...start, ...words, ...connection],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout), err: text(stderr) };
  };
}
