/** What the environment of the process tells the controller. */
import type { ControllerSettings } from "../controller/mod.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_NAMESPACE = "argo-rollouts";

export async function controllerSettings(
  { environment, readFile, serviceAccountFolder }: Terminal,
): Promise<ControllerSettings> {
  const namespace = environment("POD_NAMESPACE") ||
    await textOf(readFile(`${serviceAccountFolder}/namespace`)) || DEFAULT_NAMESPACE;
  return { namespace, setting: environment, readFile };
}

/** Outside a pod there is no such file. */
async function textOf(file: Promise<Uint8Array>): Promise<string> {
  return await file.then((bytes) => new TextDecoder().decode(bytes).trim(), () => "");
}
