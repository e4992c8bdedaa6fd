/**
 * @module A real Kubernetes control plane for tests, without containers: etcd, kube-apiserver,
 * kube-controller-manager, kube-scheduler, and kwok, which simulates nodes and pods (kwok.yaml says
 * how they behave). Start at startControlPlane(). Deliberately absent: a kubelet, container images,
 * networking between pods, and any way to use a cluster that was not started here.
 */

import { systemClock } from "../../../core/cluster/system/mod.ts";
import { sleep } from "../../../core/ports/mod.ts";
import { ApiClient } from "./api_client.ts";
import { type Binaries, ensureBinaries } from "./build.ts";
import { ProcessGroup, type RunningProcess } from "./process_group.ts";
import type { ProgramName } from "./programs.ts";
import {
  auditLogPath,
  certificatePath,
  kubeconfigPath,
  prepareSettings,
  programArguments,
  serverUrl,
  type Settings,
  writeKubeconfigs,
} from "./settings.ts";

export interface ControlPlaneOptions {
  /** Leaves the folder with data and logs where it is at the end. */
  readonly keep?: boolean;
  /** How many simulated nodes there are; 2 if not said. */
  readonly nodes?: number;
  /** What ensureBinaries() answered, if it was asked before. */
  readonly binaries?: Binaries;
}

export interface ControlPlane extends AsyncDisposable {
  /** Of the API server, as in "https://127.0.0.1:20123". */
  readonly url: string;
  /** A bearer token of a user who may do everything. */
  readonly token: string;
  /** The certificate to trust: the API server made it itself. */
  readonly caPem: string;
  readonly kubeconfigPath: string;
  /** Holds all data and the logs; removed by stop(). */
  readonly directory: string;
  /** One JSON line for every write, see audit_policy.yaml. */
  readonly auditLogPath: string;
  readonly processes: readonly RunningProcess[];
  /** All ports of 127.0.0.1 that the processes listen on. */
  readonly ports: readonly number[];
  /** Where etcd answers clients, as in "http://127.0.0.1:20124". */
  readonly etcdUrl: string;
  /**
   * Ends the API server, after that time for ending in order, and starts it again after a while, on
   * the same port and data; resolves when it is ready.
   */
  restartServer(graceMs: number, awayMs?: number): Promise<void>;
  /** Ends every process and waits for it. */
  stop(): Promise<void>;
}

const BOOT_TIMEOUT_MS = 90_000;

/** Starts a control plane on free ports of 127.0.0.1 and waits until pods can run. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = options.binaries ?? await ensureBinaries();
  const directory = await Deno.makeTempDir({ prefix: "sluice-control-plane-" });
  const group = new ProcessGroup({
    logDirectory: directory,
    ...(options.keep ? {} : { removeWhenOrphaned: directory }),
  });
  const stop = once(async () => {
    await group.stop();
    await keepAuditLog(directory);
    if (!options.keep) await Deno.remove(directory, { recursive: true });
  });
  try {
    const settings = await prepareSettings(directory);
    const nodes = options.nodes ?? 2;
    const caPem = await boot({ group, settings, binaries, nodes });
    return {
      url: serverUrl(settings),
      token: settings.tokens.admin,
      caPem,
      kubeconfigPath: kubeconfigPath(settings, "admin"),
      directory,
      auditLogPath: auditLogPath(settings),
      processes: group.running,
      ports: Object.values(settings.ports),
      etcdUrl: `http://127.0.0.1:${settings.ports.etcd}`,
      async restartServer(graceMs, awayMs = 0) {
        await group.end("kube-apiserver", graceMs);
        await sleep(systemClock, awayMs);
        await startServer({ group, settings, binaries, nodes });
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For whoever compares what was asked for with what is granted: see `tests/permissions`. */
async function keepAuditLog(directory: string): Promise<void> {
  const folder = Deno.env.get("SLUICE_AUDIT_FOLDER");
  if (folder === undefined) return;
  await Deno.mkdir(folder, { recursive: true });
  const name = directory.split("/").at(-1);
  await Deno.copyFile(`${directory}/audit.log`, `${folder}/${name}.log`);
}

interface Boot {
  readonly group: ProcessGroup;
  readonly settings: Settings;
  readonly binaries: Binaries;
  readonly nodes: number;
}

/** Starts the API server, and waits until it is ready; gives the certificate to trust. */
async function startServer({ group, settings, binaries }: Boot): Promise<string> {
  const name = "kube-apiserver";
  const until = waiting(group);
  await group.start(name, binaries[name], programArguments(settings)[name]);
  const caPem = await until(name, () => readIfPresent(certificatePath(settings)));
  const client = new ApiClient({ url: serverUrl(settings), token: settings.tokens.admin, caPem });
  try {
    await until(name, () => isOk(client, "/readyz"));
  } finally {
    client.close();
  }
  return caPem;
}

async function boot(setup: Boot): Promise<string> {
  const { group, settings, binaries, nodes } = setup;
  const args = programArguments(settings);
  const start = (name: ProgramName) => group.start(name, binaries[name], args[name]);
  const until = waiting(group);

  await start("etcd");
  const caPem = await startServer(setup);
  const client = new ApiClient({ url: serverUrl(settings), token: settings.tokens.admin, caPem });
  try {
    await writeKubeconfigs(settings, caPem);
    await start("kube-controller-manager");
    await start("kube-scheduler");
    await start("kwok");
    await until("kube-apiserver", () => isOk(client, "/api/v1/namespaces/default"));
    await createNodes(client, nodes);
    await until("kwok", () => areNodesReady(client, nodes));
    await until("kube-scheduler", () => isSchedulerReady(settings));
    // Every namespace has its ServiceAccount once the controllers run.
    const serviceAccount = "/api/v1/namespaces/default/serviceaccounts/default";
    await until("kube-controller-manager", () => isOk(client, serviceAccount));
  } finally {
    client.close();
  }
  return caPem;
}

type Until = <Value>(
  name: ProgramName,
  look: () => Promise<Value | undefined | false>,
) => Promise<Value>;

/** Looks until there is an answer; a process that ends in the meantime is a failure at once. */
function waiting(group: ProcessGroup): Until {
  const deadlineMs = performance.now() + BOOT_TIMEOUT_MS;
  return async function until(name, look) {
    while (true) {
      const { ended } = group;
      if (ended) await fail(group, ended.name, `${ended.name} has ended with code ${ended.code}`);
      const value = await look();
      if (value !== undefined && value !== false) return value;
      if (performance.now() > deadlineMs) {
        await fail(group, name, `${name} is not ready after ${BOOT_TIMEOUT_MS / 1000} s`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
}

async function fail(group: ProcessGroup, name: string, what: string): Promise<never> {
  const log = await readIfPresent(group.logPath(name)) ?? "";
  const tail = log.trimEnd().split("\n").slice(-20).join("\n");
  Deno.stderr.writeSync(new TextEncoder().encode(`The log of ${name} ends with:\n${tail}\n`));
  throw new Error(`Cannot start the control plane: ${what}`);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path) || undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether the server is up and answers with success. */
async function isOk(client: ApiClient, path: string): Promise<boolean> {
  try {
    return (await client.request("GET", path)).status === 200;
  } catch {
    // It does not listen yet; if it never will, the deadline tells.
    return false;
  }
}

/** The scheduler has a port and a certificate of its own, and lets anyone ask whether it is ready. */
async function isSchedulerReady({ directory, ports }: Settings): Promise<boolean> {
  const caPem = await readIfPresent(`${directory}/certificates/scheduler/kube-scheduler.crt`);
  if (caPem === undefined) return false;
  const url = `https://127.0.0.1:${ports.scheduler}`;
  const client = new ApiClient({ url, token: "", caPem });
  try {
    return await isOk(client, "/readyz");
  } finally {
    client.close();
  }
}

async function createNodes(client: ApiClient, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const name = `node-${index}`;
    const labels = {
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "type": "kwok",
    };
    // An address out of a range that is reserved for documentation: no one is to connect to it.
    const addresses = [
      { type: "InternalIP", address: `192.0.2.${index + 1}` },
      { type: "Hostname", address: name },
    ];
    await client.expect("POST", "/api/v1/nodes", {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels },
      status: { addresses },
    });
  }
}

async function areNodesReady(client: ApiClient, count: number): Promise<boolean> {
  const { items } = await client.expect("GET", "/api/v1/nodes");
  const ready = items.filter((node: { status: { conditions?: Condition[] } }) =>
    node.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
  );
  return ready.length >= count;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** Stopping twice is stopping once. */
function once(act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | undefined;
  return () => acting ??= act();
}
