/** `sluice controller` in a process of its own, as its image starts it. */
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { CONTROLLER_FLAGS } from "../../../build/controller_flags.ts";
import { RUNTIME_PERMISSIONS } from "../../../build/permissions.ts";
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

/** Where its log goes, and what its server is. */
export type Place = Pick<ControlPlane, "directory" | "kubeconfigPath">;

export interface StartOptions {
  readonly settlingMs?: number;
  /** Of the runtime; default: those of the image. */
  readonly flags?: readonly string[];
  /** Of the controller, beside those that every start has. */
  readonly args?: readonly string[];
}

/**
 * Resolves once it has settled: everything is cached, and nothing is to be done. The runtime parses
 * a program that it runs for the first time, and keeps much of the memory which that took; what is
 * compiled was parsed before. So it is started once for nothing.
 */
export async function startController(
  plane: Place,
  { settlingMs = SETTLING_MS, ...options }: StartOptions = {},
): Promise<StartedController> {
  const first = await started(plane, options);
  await new Promise((resolve) => setTimeout(resolve, FIRST_MS));
  await first.stop();
  const controller = await started(plane, options);
  await new Promise((resolve) => setTimeout(resolve, settlingMs));
  return controller;
}

async function started(
  plane: Place,
  { flags = CONTROLLER_FLAGS, args = [] }: StartOptions,
): Promise<StartedController> {
  const log = await Deno.open(`${plane.directory}/sluice.log`, { create: true, append: true });
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      ...RUNTIME_PERMISSIONS,
      ...flags,
      program(),
      "controller",
      "--kubeconfig",
      plane.kubeconfigPath,
      "--healthzPort=0",
      "--metricsPort=0",
      ...args,
    ],
    // Its Lease is kept there.
    env: { POD_NAMESPACE: "default" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const logged = child.stderr.pipeTo(log.writable);
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
/** Until everything is loaded, on a busy machine. */
const FIRST_MS = 5_000;

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
