/** The flags of `sluice controller`: all of Argo Rollouts' controller, and what each comes to. */
import { CommandLineError } from "../command/command_line_error.ts";
import type { Flag, Flags, FlagValues } from "../command/flags.ts";
import type { LogFormat, LogLevel } from "../controller/mod.ts";
import type { ElectionTimes } from "../controller/leadership/election.ts";
import { CONNECTION_FLAGS } from "./kubeconfig.ts";
import { LEADER_FLAGS, readLeaderFlags } from "./leader_flags.ts";

const {
  loglevel: _loglevel,
  kloglevel: _kloglevel,
  namespace: _namespace,
  "cache-dir": _cacheDir,
  "disable-compression": _disableCompression,
  ...CONNECTING
} = CONNECTION_FLAGS;

const LEVELS = ["debug", "info", "warning", "error"] as const;
const FORMATS = ["text", "json"] as const;

/** The levels of Argo Rollouts' log, and ours for each. */
const ARGO_LEVELS: Readonly<Record<string, LogLevel>> = Object.freeze({
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warning",
  warning: "warning",
  error: "error",
  fatal: "error",
  panic: "error",
});

const KNOWN_FLAGS = {
  ...CONNECTING,
  namespace: {
    short: "n",
    value: "NAME",
    about: "Only this namespace, or these: a,b (default: all)",
  },
  namespaced: { about: "Only the namespace of the kubeconfig or of the service account" },
  "instance-id": {
    value: "ID",
    about: "Only objects with this instance id as a label (default: those without one)",
  },
  "rollout-resync": {
    value: "SECONDS",
    default: "900",
    about: "How often all objects are looked at though nothing has changed; 0: never",
  },
  "log-format": { value: "FORMAT", default: "text", choices: FORMATS, about: "text or json" },
  "log-level": {
    value: "LEVEL",
    default: "info",
    choices: LEVELS,
    about: "debug, info, warning or error",
  },
  logformat: { value: "FORMAT", about: "As --log-format" },
  loglevel: { value: "LEVEL", about: "As --log-level" },
  "rollout-threads": { value: "COUNT", default: "10", about: "Passes over Rollouts at a time" },
  "experiment-threads": {
    value: "COUNT",
    default: "10",
    about: "Passes over Experiments at a time",
  },
  "analysis-threads": {
    value: "COUNT",
    default: "30",
    about: "Passes over AnalysisRuns at a time",
  },
  metricsPort: {
    value: "PORT",
    default: "8090",
    about: "Where /metrics is served; 0: nowhere",
  },
  metricsport: { value: "PORT", about: "As --metricsPort" },
  healthzPort: {
    value: "PORT",
    default: "8080",
    about: "Where /healthz and /readyz are served; 0: nowhere",
  },
  "bind-address": {
    value: "ADDRESS",
    default: "0.0.0.0",
    about: "The address of this machine to serve probes and metrics on",
  },
  qps: { value: "NUMBER", about: "Requests a second to the API server (default: no limit)" },
  burst: { value: "COUNT", about: "Requests at once before --qps limits them (default 80)" },
  ...LEADER_FLAGS,
  controllers: {
    value: "NAME",
    isRepeatable: true,
    about: "What to run: analysis for AnalysisRuns alone (default: all)",
  },
  "self-service-notification-enabled": {
    about: "Namespaces may configure notifications for their own Rollouts",
  },
  version: { about: "Print the version" },
} as const satisfies Flags;

const SWITCH: Flag = {};
const VALUE: Flag = { value: "VALUE" };
const LIST: Flag = { value: "VALUE", isRepeatable: true };

const SERVED = "the version that the cluster serves is found";
const NO_CLASSES = "every Ingress that a Rollout names is steered, whatever its class";
const NO_TARGET_GROUPS = "target groups of AWS are not verified";

/** What is accepted, so that a Deployment of Argo Rollouts starts as it is, and why that is all. */
const WITHOUT_EFFECT: Readonly<Record<string, readonly [Flag, string]>> = Object.freeze({
  "service-threads": [VALUE, "Services are looked at in the passes of their Rollouts"],
  "ingress-threads": [VALUE, "Ingresses are looked at in the passes of their Rollouts"],
  "ephemeral-metadata-threads": [VALUE, "pods are patched in the pass of their Rollout"],
  "ephemeral-metadata-update-pod-retries": [VALUE, "the next pass patches a pod that is left"],
  "aws-verify-target-group": [SWITCH, NO_TARGET_GROUPS],
  "alb-verify-weight": [SWITCH, NO_TARGET_GROUPS],
  "aws-target-group-binding-api-version": [VALUE, NO_TARGET_GROUPS],
  "alb-tag-key-resource-id": [VALUE, NO_TARGET_GROUPS],
  "alb-ingress-classes": [LIST, NO_CLASSES],
  "nginx-ingress-classes": [LIST, NO_CLASSES],
  "istio-api-version": [VALUE, SERVED],
  "ambassador-api-version": [VALUE, SERVED],
  "traffic-split-api-version": [VALUE, SERVED],
  "traefik-api-group": [VALUE, "it is traefik.io"],
  "traefik-api-version": [VALUE, SERVED],
  "ingress-api-version": [VALUE, "it is networking.k8s.io/v1"],
  "appmesh-crd-version": [VALUE, SERVED],
  "enable-pprof-address": [VALUE, "it is a profiler of Go: deno run --inspect has one"],
  kloglevel: [{ ...VALUE, short: "v" }, "it is of a Go library: see --log-level"],
  "cache-dir": [VALUE, "the controller keeps no files"],
  "disable-compression": [SWITCH, "answers are not compressed"],
});

const IDLE_FLAGS: Flags = Object.fromEntries(
  Object.entries(WITHOUT_EFFECT).map(([name, [flag, why]]) => [
    name,
    { ...flag, about: `No effect: ${why}` },
  ]),
);

export const CONTROLLER_FLAGS = { ...KNOWN_FLAGS, ...IDLE_FLAGS } as typeof KNOWN_FLAGS;

type Given = FlagValues<typeof KNOWN_FLAGS>;

/** What the command line says, read. */
export interface ControllerChoice {
  readonly log: { readonly format: LogFormat; readonly level: LogLevel };
  /** Absent: that of the credentials, or all. */
  readonly namespaces?: readonly string[];
  readonly instanceId: string;
  /** Absent: never. */
  readonly resyncMs?: number;
  /** Passes at a time, by the name of the controller. */
  readonly slots: Readonly<Record<"rollout" | "experiment" | "analysis", number>>;
  readonly bindAddress: string;
  /** 0: it is not served. */
  readonly ports: { readonly healthzPort: number; readonly metricsPort: number };
  /** Absent: as many requests as can be under way. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  readonly isAnalysisOnly: boolean;
  /** Whatever other controllers there are. */
  readonly isForced: boolean;
  /** Absent: nobody is elected, this controller acts. */
  readonly election?: ElectionTimes;
  /** Flags that were given and do nothing, and why. */
  readonly idle: readonly { readonly flag: string; readonly why: string }[];
}

/** @throws {CommandLineError} for a value that means nothing */
export function readControllerFlags(flags: Given): ControllerChoice {
  const rate = rateOf(flags);
  const election = readLeaderFlags(flags);
  const namespaces = namesOf(flags.namespace);
  const resyncMs = resyncMsOf(flags["rollout-resync"]);
  return {
    ...(namespaces.length === 0 ? {} : { namespaces }),
    instanceId: flags["instance-id"] ?? "",
    ...(resyncMs === 0 ? {} : { resyncMs }),
    log: {
      format: flags.logformat ? formatOf(flags.logformat) : flags["log-format"],
      level: flags.loglevel ? levelOf(flags.loglevel) : flags["log-level"],
    },
    slots: {
      rollout: countOf("rollout-threads", flags["rollout-threads"]),
      experiment: countOf("experiment-threads", flags["experiment-threads"]),
      analysis: countOf("analysis-threads", flags["analysis-threads"]),
    },
    bindAddress: flags["bind-address"],
    ports: {
      healthzPort: portOf("healthzPort", flags.healthzPort),
      metricsPort: flags.metricsport
        ? portOf("metricsport", flags.metricsport)
        : portOf("metricsPort", flags.metricsPort),
    },
    ...(rate === undefined ? {} : { rate }),
    isAnalysisOnly: isAnalysisOnly(flags.controllers),
    isForced: flags.force,
    ...(election === undefined ? {} : { election }),
    idle: idleOf(flags),
  };
}

function idleOf(flags: Readonly<Record<string, unknown>>): ControllerChoice["idle"] {
  return Object.entries(WITHOUT_EFFECT).flatMap(([name, [, why]]) => {
    const value = flags[name];
    const isGiven = Array.isArray(value)
      ? value.length > 0
      : value !== undefined && value !== false;
    return isGiven ? [{ flag: `--${name}`, why }] : [];
  });
}

/** The words of a list with commas, each once. */
function namesOf(list = ""): string[] {
  const names = list.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return [...new Set(names)];
}

function resyncMsOf(seconds: string): number {
  if (/^\d{1,7}$/.test(seconds)) return Number(seconds) * 1000;
  throw wrongValue("rollout-resync", seconds, "write a number of seconds, or 0 for never");
}

function formatOf(text: string): LogFormat {
  const found = FORMATS.find((format) => format === text);
  if (found === undefined) throw wrongValue("logformat", text, `use one of ${FORMATS.join(", ")}`);
  return found;
}

function levelOf(text: string): LogLevel {
  const found = ARGO_LEVELS[text.toLowerCase()];
  if (found !== undefined) return found;
  throw wrongValue("loglevel", text, `use one of ${Object.keys(ARGO_LEVELS).join(", ")}`);
}

/** @throws {CommandLineError} for what is no whole number above 0 */
function countOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw wrongValue(name, text, "write a whole number above 0");
}

function portOf(name: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw wrongValue(name, text, "write a port, or 0 for none");
}

/** As Argo Rollouts has them where only one is given. */
const QPS = 40;
const BURST = "80";

function rateOf({ qps, burst }: Given): ControllerChoice["rate"] {
  if (qps === undefined && burst === undefined) return undefined;
  const perSecond = qps === undefined ? QPS : Number(qps);
  if (!(perSecond > 0 && perSecond < Infinity)) {
    throw wrongValue("qps", qps ?? "", "write a number above 0");
  }
  return { perSecond, burst: countOf("burst", burst ?? BURST) };
}

function isAnalysisOnly(controllers: readonly string[]): boolean {
  const names = controllers.flatMap((list) => namesOf(list));
  const unknown = names.find((name) => name !== "analysis");
  if (unknown !== undefined) throw wrongValue("controllers", unknown, "use analysis");
  return names.length > 0;
}

function wrongValue(name: string, text: string, advice: string): CommandLineError {
  return new CommandLineError(`invalid value "${text}" for --${name}; ${advice}`);
}
