/** Programs as they are released: bundled, and with no more permissions than that has. */
import { bundle } from "../../build/bundle.ts";
import { RUNTIME_PERMISSIONS } from "../../build/permissions.ts";
import type { ControlPlane } from "./control_plane/boot.ts";

/** What comes before the program. */
export const BUNDLE_START: readonly string[] = ["run", "--no-config", ...RUNTIME_PERMISSIONS];

/** Bundles by their files: tests beside each other share one. */
const bundles = new Map<string, Promise<unknown>>();

/** The bundle of a program, in the folder of the control plane: it goes when that stops. */
export async function bundled(plane: ControlPlane, main: string): Promise<string> {
  const name = main.split("/").at(-1)?.replace(/\.ts$/, "") ?? "";
  const folder = `${plane.directory}/bundle-${name}`;
  const file = `${folder}/${name}.js`;
  const made = bundles.get(file) ?? bundle({ folder, main });
  bundles.set(file, made);
  await made;
  return file;
}
