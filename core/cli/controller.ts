/** `sluice controller`: carries out Rollouts on the cluster of a kubeconfig. */
import { Command, InvalidArgumentError } from "commander";
import { chosenCredentials } from "./kubeconfig.ts";
import type { Terminal } from "./terminal.ts";
import { VERSION } from "./version.ts";

interface Options {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
  logFormat: "text" | "json";
  logLevel: "debug" | "info" | "warning" | "error";
}

const LEVELS = ["debug", "info", "warning", "error"] as const;

const EXAMPLES = `
Examples:
  # The cluster of the current context, all namespaces
  sluice controller

  # One namespace of another cluster, with every pass in the log
  sluice controller --kubeconfig staging.yaml --namespace web --log-level debug

It stops on Ctrl-C or SIGTERM when the passes under way have ended.`;

export function controllerCommand(terminal: Terminal, onExit: (code: number) => void): Command {
  return new Command("controller")
    .description("Carry out the Rollouts of a cluster until stopped.")
    .option("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, ~/.kube/config)")
    .option("--context <name>", "the context of the kubeconfig to use")
    .option("-n, --namespace <name>", "look after this namespace only (default: all)")
    .option("--log-format <format>", "text or json", choice(["text", "json"]), "text")
    .option("--log-level <level>", LEVELS.join(", "), choice(LEVELS), "info")
    .addHelpText("after", EXAMPLES)
    .action(async (options: Options) => {
      onExit(await runController(terminal, options));
    });
}

function choice(values: readonly string[]): (text: string) => string {
  return (text) => {
    if (!values.includes(text)) throw new InvalidArgumentError(`one of ${values.join(", ")}.`);
    return text;
  };
}

async function runController(terminal: Terminal, options: Options): Promise<number> {
  // Loaded here, so that no other verb pays for the network and the log.
  const { KubeCluster } = await import("../cluster/kube/mod.ts");
  const { openLog, startController } = await import("../controller/mod.ts");
  const { clock, random } = terminal;
  const log = await openLog({
    format: options.logFormat,
    level: options.logLevel,
    write: terminal.err,
  });
  const credentials = await chosenCredentials(terminal, options);
  const userAgent = `sluice/${VERSION}`;
  const cluster = new KubeCluster(credentials, { clock, log, random }, { userAgent });
  const { namespace } = options;
  const running = startController({
    cluster,
    clock,
    log,
    plugins: await terminal.plugins(),
    ...(namespace === undefined ? {} : { namespace }),
  });
  log.info("controller started", { server: credentials.server, namespace: namespace ?? "all" });
  await new Promise<void>((resolve) => {
    const unsubscribe = terminal.onStop(() => {
      unsubscribe();
      resolve();
    });
  });
  log.info("controller stops");
  await running.stop();
  await cluster.close();
  return 0;
}
