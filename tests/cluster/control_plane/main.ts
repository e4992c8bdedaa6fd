/** Runs a control plane for as long as a developer needs it. */

import { startControlPlane } from "./boot.ts";
import { ensureBinaries } from "./build.ts";

const HELP = `Runs a real Kubernetes control plane with simulated nodes and pods, on loopback.

Usage: deno run -A tests/cluster/control_plane/main.ts [options]

Options:
  --build-only  build the programs where they are missing, and start nothing
  --keep        leave the folder with data and logs at the end
  --help        show this text

Programs in the folder KUBEBUILDER_ASSETS are used if kube-apiserver and etcd are among them.
`;

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => !["--build-only", "--keep", "--help"].includes(arg));
  if (unknown !== undefined) {
    write(Deno.stderr, `Cannot start: there is no option "${unknown}" (see --help)\n`);
    return 2;
  }
  if (args.includes("--help")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  const binaries = await ensureBinaries();
  if (args.includes("--build-only")) {
    for (const path of Object.values(binaries)) write(Deno.stdout, `${path}\n`);
    return 0;
  }
  const interrupted = signal();
  await using plane = await startControlPlane({ binaries, keep: args.includes("--keep") });
  write(
    Deno.stdout,
    `API server  ${plane.url}\nkubeconfig  ${plane.kubeconfigPath}\n` +
      `audit log   ${plane.auditLogPath}\nlogs        ${plane.directory}\nCtrl-C stops it.\n`,
  );
  await interrupted;
  return 0;
}

function signal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, resolve);
  return promise;
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  stream.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    write(Deno.stderr, `${error instanceof Error ? error.message : error}\n`);
    Deno.exit(1);
  }
}
