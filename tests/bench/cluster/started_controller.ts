/** `sluice controller` in a process of its own, as its image starts it. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import type { ControlPlane } from "../../cluster/control_plane/boot.ts";

export const VIRTUAL_SERVICES: ResourceType = {
  group: "networking.istio.io",
  version: "v1alpha3",
  plural: "virtualservices",
  kind: "VirtualService",
  namespaced: true,
};

/** The bundle where there is one, else the source. */
const PROGRAMS = ["../../../dist/main.js", "../../../main.ts"];

export interface StartedController {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Resolves once it has settled: everything is cached, and nothing is to be done. */
export async function startController(
  plane: ControlPlane,
  { settlingMs = SETTLING_MS } = {},
): Promise<StartedController> {
  const log = await Deno.open(`${plane.directory}/sluice.log`, { create: true, write: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      // What fills V8's code cache on its first run keeps the memory which that took.
      "--no-code-cache",
      program(),
      "controller",
      "--kubeconfig",
      plane.kubeconfigPath,
      "--healthzPort=0",
      "--metricsPort=0",
    ],
    // Its Lease is kept there.
    env: { POD_NAMESPACE: "default" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const logged = child.stderr.pipeTo(log.writable);
  await new Promise((resolve) => setTimeout(resolve, settlingMs));
  return {
    pid: child.pid,
    async stop() {
      child.kill("SIGTERM");
      await child.status;
      await logged;
    },
  };
}

const SETTLING_MS = 10_000;

function program(): string {
  for (const path of PROGRAMS) {
    const { pathname } = new URL(path, import.meta.url);
    try {
      Deno.statSync(pathname);
      return pathname;
    } catch {
      // Not bundled: the source will do.
    }
  }
  throw new Error("Cannot find the program");
}
