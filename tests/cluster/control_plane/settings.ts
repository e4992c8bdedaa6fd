/** Credentials, files and command lines with which the five programs find and trust each other. */

import { Buffer } from "node:buffer";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { ApiServer } from "./api_client.ts";
import { chooseFreePorts } from "./ports.ts";
import type { ProgramName } from "./programs.ts";

/** Who has a token. Each program has a user of its own, so that the audit log tells them apart. */
const USERS = {
  admin: "sluice:admin",
  controllers: "system:kube-controller-manager",
  scheduler: "system:kube-scheduler",
  nodes: "sluice:kwok",
} as const;

export type UserName = keyof typeof USERS;

export interface Settings {
  readonly directory: string;
  readonly ports: {
    readonly etcd: number;
    readonly etcdPeer: number;
    readonly apiServer: number;
    readonly scheduler: number;
  };
  readonly tokens: Readonly<Record<UserName, string>>;
}

/** Chooses ports and tokens, and writes the files that must be there before anything starts. */
export async function prepareSettings(directory: string): Promise<Settings> {
  const [etcd = 0, etcdPeer = 0, apiServer = 0, scheduler = 0] = chooseFreePorts(4);
  const tokens = {
    admin: randomUUID(),
    controllers: randomUUID(),
    scheduler: randomUUID(),
    nodes: randomUUID(),
  };
  await writePrivateFile(`${directory}/tokens.csv`, tokenFile(tokens));
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  await writePrivateFile(`${directory}/service-account.pub`, publicKey);
  await writePrivateFile(`${directory}/service-account.key`, privateKey);
  return { directory, ports: { etcd, etcdPeer, apiServer, scheduler }, tokens };
}

function tokenFile(tokens: Settings["tokens"]): string {
  const rows = (Object.keys(USERS) as UserName[])
    .map((name) => `${tokens[name]},${USERS[name]},${name},"system:masters"\n`);
  return rows.join("");
}

export function serverUrl(settings: Settings): string {
  return `https://127.0.0.1:${settings.ports.apiServer}`;
}

/** The API server makes its own certificate; the file holds it with the authority that signed it. */
export function certificatePath(settings: Settings): string {
  return `${settings.directory}/certificates/apiserver.crt`;
}

export function auditLogPath(settings: Settings): string {
  return `${settings.directory}/audit.log`;
}

export function kubeconfigPath(settings: Settings, user: UserName): string {
  const isAdmin = user === "admin";
  return `${settings.directory}/${isAdmin ? "kubeconfig" : `${user}.kubeconfig`}`;
}

export async function writeKubeconfigs(settings: Settings, caPem: string): Promise<void> {
  for (const name of Object.keys(USERS) as UserName[]) {
    const server = { url: serverUrl(settings), token: settings.tokens[name], caPem };
    await writePrivateFile(kubeconfigPath(settings, name), kubeconfig(server));
  }
}

/**
 * The text of a kubeconfig file for the bearer of the token, who may be a ServiceAccount. JSON is
 * YAML as well, so that every reader of kubeconfig files takes it.
 */
export function kubeconfig({ url, token, caPem }: ApiServer): string {
  const name = "sluice-control-plane";
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{
      name,
      cluster: { server: url, "certificate-authority-data": Buffer.from(caPem).toString("base64") },
    }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return JSON.stringify(config, undefined, 2) + "\n";
}

function writePrivateFile(path: string, text: string): Promise<void> {
  return Deno.writeTextFile(path, text, { mode: 0o600 });
}

/** The command line of each program. Everything listens on loopback, or not at all. */
export function programArguments(settings: Settings): Record<ProgramName, string[]> {
  return {
    "etcd": etcdArguments(settings),
    "kube-apiserver": apiServerArguments(settings),
    "kube-controller-manager": controllerManagerArguments(settings),
    "kube-scheduler": [
      `--kubeconfig=${kubeconfigPath(settings, "scheduler")}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${settings.ports.scheduler}`,
      `--cert-dir=${settings.directory}/certificates/scheduler`,
      "--kube-api-qps=500",
      "--kube-api-burst=1000",
    ],
    "kwok": [
      `--kubeconfig=${kubeconfigPath(settings, "nodes")}`,
      `--config=${fileURLToPath(new URL("kwok.yaml", import.meta.url))}`,
      "--manage-all-nodes=true",
      "--cidr=10.128.0.0/16",
      // Else it serves on every interface of the machine.
      "--node-port=0",
    ],
  };
}

function etcdArguments({ directory, ports }: Settings): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${directory}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data need not outlive a power failure.
    "--unsafe-no-fsync",
  ];
}

function apiServerArguments(settings: Settings): string[] {
  const { directory, ports } = settings;
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${ports.apiServer}`,
    `--cert-dir=${directory}/certificates`,
    // A loopback address must not become an endpoint of the Service "kubernetes".
    "--endpoint-reconciler-type=none",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${directory}/service-account.pub`,
    `--service-account-signing-key-file=${directory}/service-account.key`,
    `--token-auth-file=${directory}/tokens.csv`,
    "--authorization-mode=RBAC",
    // Pods need no ServiceAccount, and no node controller would take a not-ready taint away.
    "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition",
    `--audit-policy-file=${fileURLToPath(new URL("audit_policy.yaml", import.meta.url))}`,
    `--audit-log-path=${auditLogPath(settings)}`,
    "--audit-log-maxsize=10000",
  ];
}

function controllerManagerArguments(settings: Settings): string[] {
  return [
    `--kubeconfig=${kubeconfigPath(settings, "controllers")}`,
    "--controllers=*,-nodeipam,-node-lifecycle-controller",
    "--leader-elect=false",
    "--secure-port=0",
    `--service-account-private-key-file=${settings.directory}/service-account.key`,
    `--root-ca-file=${certificatePath(settings)}`,
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
  ];
}
