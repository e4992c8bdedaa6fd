/** The verbs of the program as a user runs them: bundled, each in a process of its own. */
import type { CommandLine } from "../seeds/run_case.ts";
import { BUNDLE_START, bundled } from "./bundled.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Runs verbs in this namespace. */
export function commandLineOf(plane: ControlPlane, namespace: string): CommandLine {
  return async (words) => {
    const main = await bundled(plane, MAIN);
    const connection = ["--kubeconfig", plane.kubeconfigPath, "-n", namespace];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...BUNDLE_START, main, ...words, ...connection],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout), err: text(stderr) };
  };
}
