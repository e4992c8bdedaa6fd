/** `sluice controller`: carries out Rollouts on the cluster of a kubeconfig. */
import { FIELD_MANAGER } from "../api/names/names.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type {
  Credentials,
  KubeClusterOptions,
  KubeClusterPorts,
  RequestObserver,
} from "../cluster/kube/mod.ts";
import { processUsage } from "../cluster/system/mod.ts";
import type { PluginConfigPorts } from "../controller/mod.ts";
import { CommandLineError } from "../command/command_line_error.ts";
import type { FlagValues } from "../command/flags.ts";
import { timeLimits } from "./cluster_session.ts";
import {
  CONTROLLER_FLAGS as FLAGS,
  type ControllerChoice,
  readControllerFlags,
} from "./controller_flags.ts";
import { openServers } from "./controller_servers.ts";
import { controllerSettings } from "./controller_settings.ts";
import { chosenCredentials } from "./kubeconfig.ts";
import { leadership } from "./leadership.ts";
import { programVerb } from "./program_verb.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import { strayError } from "./stray_errors.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

const NOTES = `
Examples:
  # The cluster of the current context, all namespaces
  sluice controller

  # One namespace of another cluster, with every pass in the log
  sluice controller --kubeconfig staging.yaml --namespace web --log-level debug

On Ctrl-C or SIGTERM it completes the passes in progress and exits with 0. As long as the cluster
does not answer it keeps trying, and /readyz says so.
Exit codes: 0 stopped; 1 a flag is wrong, a port is taken, no cluster can be used, another
controller looks after the same Rollouts (see --force), or an error of the program itself.`;

/** How long a stop waits for passes; the kubelet kills after 30 s. */
const STOP_MAX_MS = 20_000;

/** Names the kubeconfig of the cluster in which the Jobs of metrics run. */
const JOB_KUBECONFIG = "ARGO_ROLLOUTS_ANALYSIS_JOB_KUBECONFIG";

export const CONTROLLER = programVerb({
  usage: "controller [flags]",
  flags: FLAGS,
  notes: NOTES,
  badInputCode: 1,
  async run(terminal, names, flags) {
    if (names.length > 0) throw new CommandLineError(`unexpected argument "${names[0]}"`);
    if (flags.version) {
      terminal.out(`sluice ${VERSION}\n`);
      return 0;
    }
    return await runController(terminal, flags, readControllerFlags(flags));
  },
});

async function runController(
  terminal: Terminal,
  flags: FlagValues<typeof FLAGS>,
  choice: ControllerChoice,
): Promise<number> {
  // Loaded here, so that no other verb pays for the network and the log.
  const { askedTraces, Operations, ...room } = await import("../controller/mod.ts");
  const { build, clock, environment, random } = terminal;
  const log = await room.openLog({ ...choice.log, write: terminal.err });
  for (const idle of choice.idle) log.info("a flag has no effect", idle);
  const credentials = await chosenCredentials(terminal, flags);
  const { server } = credentials;
  const usage = processUsage;
  const operations = new Operations({ build, clock, log, server, version: VERSION, usage });
  const ports = { clock, log, random };
  const { observer, metrics } = operations;
  const manner = { ports, observer, ...mannerOf(choice, flags["request-timeout"]) };
  const { cluster, jobCluster } = await clustersOf(terminal, credentials, manner);
  const own = flags.namespaced ? [credentials.namespace] : undefined;
  const namespaces = choice.namespaces ?? own;
  const settings = await controllerSettings(terminal);
  const { instanceId, resyncMs } = choice;
  const leading = await leadership(choice, {
    terminal,
    ports: { ...ports, cluster: cluster.lease },
    home: settings.namespace,
    reach: { instanceId, ...(namespaces === undefined ? {} : { namespaces }) },
  });
  const servers = await openServers(choice, { log, routes: operations.routes });
  const stopping = asked(terminal, log);
  const { namespace } = settings;
  const plugins = await configured(terminal, { ...ports, cluster, namespace }, stopping);
  const traces = await askedTraces({ ...ports, environment, version: VERSION });
  const running = room.startController({
    cluster,
    clock,
    log,
    plugins,
    settings: { ...settings, ...(jobCluster && { jobCluster }) },
    slots: choice.slots,
    isAnalysisOnly: choice.isAnalysisOnly,
    isSelfServiceNotificationEnabled: flags["self-service-notification-enabled"],
    random,
    metrics,
    ...(traces && { traces }),
    ...leading,
    instanceId,
    ...(resyncMs !== undefined && { resyncMs }),
    ...(namespaces && { namespaces }),
  });
  operations.controller = running;
  operations.election = leading.election;
  log.info("controller started", { server, namespace: namespaces?.join() ?? "all" });
  const refusal = await Promise.race([stopping, running.refused]);
  operations.isStopping = true;
  await end(running, { clock, log }, [traces, cluster, jobCluster, ...servers]);
  if (refusal !== undefined) throw new UsageError(refusal);
  log.info("controller stopped");
  return 0;
}

/** How requests are made of an API server. */
function mannerOf({ rate, election }: ControllerChoice, requestTimeout: string) {
  return {
    userAgent: `${FIELD_MANAGER}/${VERSION}`,
    ...timeLimits(requestTimeout),
    ...(rate === undefined ? {} : { rate }),
    ...(election && { leaseTimeoutMs: election.renewDeadlineMs / 3 }),
  };
}

/** The cluster of the Rollouts, and that in which the Jobs of metrics run, if it is another. */
async function clustersOf(
  terminal: Terminal,
  credentials: Credentials,
  { ports, observer, ...manner }: KubeClusterOptions & {
    readonly ports: KubeClusterPorts;
    readonly observer: RequestObserver;
  },
) {
  const { KubeCluster } = await import("../cluster/kube/mod.ts");
  const jobCredentials = await jobCredentialsOf(terminal);
  const cluster = new KubeCluster(credentials, ports, { ...manner, observer });
  return {
    cluster,
    jobCluster: jobCredentials && new KubeCluster(jobCredentials, ports, manner),
  };
}

/** The plugins, with what the ConfigMap of the controller's namespace says of them. */
async function configured(
  terminal: Terminal,
  ports: PluginConfigPorts,
  stopping: Promise<unknown>,
): Promise<PluginRegistry> {
  const { configuredPlugins } = await import("../controller/mod.ts");
  return await configuredPlugins(await terminal.plugins(), ports, stopping);
}

/** Undefined: the Jobs of metrics run in the cluster of the Rollouts. */
async function jobCredentialsOf(terminal: Terminal): Promise<Credentials | undefined> {
  const kubeconfig = terminal.environment(JOB_KUBECONFIG) || "in-cluster";
  return kubeconfig === "in-cluster"
    ? undefined
    : await chosenCredentials(terminal, { kubeconfig, context: undefined });
}

/** Resolves when the user asks to stop, or with the reason for which the controller has to. */
function asked(terminal: Terminal, log: Log): Promise<string | undefined> {
  return new Promise((resolve) => {
    const unsubscribe = terminal.onStop(() => {
      unsubscribe();
      resolve(undefined);
    });
    // To the end of the process: also one that comes late must not end it at once.
    terminal.onStrayError((error) => {
      const reason = strayError(error, log);
      if (reason !== undefined) resolve(reason);
    });
  });
}

/** Lets passes come to their end, and closes what is open. */
async function end(
  running: { stop(): Promise<void> },
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  open: readonly ({ close(): unknown } | undefined)[],
): Promise<void> {
  log.info("controller is stopping");
  const isComplete = await withinMs(clock, STOP_MAX_MS, running.stop());
  if (!isComplete) log.warn("passes are given up: they wait for an API server too long");
  for (const one of open) await one?.close();
}

/** True when it was done within that time; it goes on otherwise. */
async function withinMs(clock: Clock, limitMs: number, work: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const cancel = clock.after(limitMs, () => resolve(false));
  const isDone = await Promise.race([work.then(() => true), late]);
  cancel();
  return isDone;
}
