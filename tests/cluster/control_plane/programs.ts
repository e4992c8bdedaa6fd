/** The programs of which the control plane is made, and others, and where each comes from. */

import { fileURLToPath } from "node:url";

export type ProgramName =
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kwok";

export interface Program<Name extends string = string> {
  readonly name: Name;
  /** The folder of `go/` whose go.mod has the program as a tool. */
  readonly folder: string;
  /** The Go module that the program is published in; its version is read from that go.mod. */
  readonly module: string;
  readonly package: string;
}

export const PROGRAMS: readonly Program<ProgramName>[] = [
  {
    name: "etcd",
    folder: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    package: "go.etcd.io/etcd/server/v3",
  },
  kubernetesProgram("kube-apiserver"),
  kubernetesProgram("kube-controller-manager"),
  kubernetesProgram("kube-scheduler"),
  {
    name: "kwok",
    folder: "kwok",
    module: "sigs.k8s.io/kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
  },
];

function kubernetesProgram(name: ProgramName): Program<ProgramName> {
  return {
    name,
    folder: "kubernetes",
    module: "k8s.io/kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
  };
}

/** A server of messages, which is no part of the control plane. */
export const NATS_SERVER: Program = {
  name: "nats-server",
  folder: "nats",
  module: "github.com/nats-io/nats-server/v2",
  package: "github.com/nats-io/nats-server/v2",
};

/**
 * The folder with the go.mod file that pins the program. It is the one place to change a version in
 * (for Kubernetes with all its `replace` lines), followed by `go mod tidy`.
 */
export function moduleFolder(program: Program): string {
  return fileURLToPath(new URL(`go/${program.folder}`, import.meta.url));
}

/** The version that the program's go.mod pins, as in "v1.36.3". */
export async function programVersion(program: Program): Promise<string> {
  const path = `${moduleFolder(program)}/go.mod`;
  const lines = (await Deno.readTextFile(path)).split("\n");
  for (const line of lines) {
    const [module, version] = line.replace(/^require /, "").trim().split(" ");
    if (module === program.module && version?.startsWith("v")) return version;
  }
  throw new Error(`Cannot tell the version of ${program.name}: "${path}" does not require it`);
}

/**
 * The linker's flags. Kubernetes' programs are told their version, for without it the server says
 * v0.0.0 and clients misbehave.
 */
export function linkerFlags(program: Program, version: string): string {
  if (program.folder !== "kubernetes") return "-s -w";
  const [major, minor] = version.slice(1).split(".");
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const settings = Object.entries(variables)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ["-s", "-w", ...settings].join(" ");
}
