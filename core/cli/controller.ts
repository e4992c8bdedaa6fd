/** `sluice controller`: carries out Rollouts on the cluster of a kubeconfig. */
import { FIELD_MANAGER } from "../api/names/names.ts";
import { CommandLineError } from "../command/command_line_error.ts";
import type { Credentials } from "../cluster/kube/mod.ts";
import type { FlagValues } from "../command/flags.ts";
import { timeLimits } from "./cluster_session.ts";
import {
  CONTROLLER_FLAGS as FLAGS,
  type ControllerChoice,
  readControllerFlags,
} from "./controller_flags.ts";
import { controllerSettings } from "./controller_settings.ts";
import { chosenCredentials } from "./kubeconfig.ts";
import { programVerb } from "./program_verb.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

const NOTES = `
Examples:
  # The cluster of the current context, all namespaces
  sluice controller

  # One namespace of another cluster, with every pass in the log
  sluice controller --kubeconfig staging.yaml --namespace web --log-level debug

On Ctrl-C or SIGTERM it completes the passes in progress and exits with 0.
Exit codes: 0 stopped; 1 a flag is wrong, or no cluster can be used.`;

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
  const { KubeCluster } = await import("../cluster/kube/mod.ts");
  const { openLog, startController } = await import("../controller/mod.ts");
  const { clock, random } = terminal;
  const log = await openLog({ ...choice.log, write: terminal.err });
  for (const idle of choice.idle) log.info("a flag has no effect", idle);
  const credentials = await chosenCredentials(terminal, flags);
  const manner = {
    userAgent: `${FIELD_MANAGER}/${VERSION}`,
    ...timeLimits(flags["request-timeout"]),
    ...(choice.rate === undefined ? {} : { rate: choice.rate }),
  };
  const open = (of: Credentials) => new KubeCluster(of, { clock, log, random }, manner);
  const cluster = open(credentials);
  const jobKubeconfig = terminal.environment(JOB_KUBECONFIG) || "in-cluster";
  const jobCluster = jobKubeconfig === "in-cluster"
    ? undefined
    : open(await chosenCredentials(terminal, { kubeconfig: jobKubeconfig, context: undefined }));
  const namespace = flags.namespace || (flags.namespaced ? credentials.namespace : undefined);
  const running = startController({
    cluster,
    clock,
    log,
    plugins: await terminal.plugins(),
    settings: {
      ...await controllerSettings(terminal),
      ...(jobCluster === undefined ? {} : { jobCluster }),
    },
    slots: choice.slots,
    isAnalysisOnly: choice.isAnalysisOnly,
    ...(namespace === undefined ? {} : { namespace }),
  });
  log.info("controller started", { server: credentials.server, namespace: namespace ?? "all" });
  await new Promise<void>((resolve) => {
    const unsubscribe = terminal.onStop(() => {
      unsubscribe();
      resolve();
    });
  });
  log.info("controller is stopping");
  await running.stop();
  await cluster.close();
  await jobCluster?.close();
  log.info("controller stopped");
  return 0;
}
