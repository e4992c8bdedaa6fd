/** The verbs of what happens to the world. */
import type { EmbeddedCluster } from "../cluster/embedded/mod.ts";
import {
  type Flags,
  onlyName,
  readCount,
  readDurationMs,
  type Verb,
  verb,
} from "../command/mod.ts";
import type { ScriptContext } from "./script_context.ts";

/** How long containers run before they crash, unless a script says otherwise. */
const CRASH_AFTER = "3s";

/** Verbs by their names. */
export const FAULT_VERBS = Object.freeze({
  "fail-image": aboutImage({
    usage: "fail-image IMAGE",
    about: "From now on this image cannot be pulled",
    happen: (cluster, { image }) => cluster.failImage(image),
  }),
  crash: fault({
    usage: "crash IMAGE [--after DURATION]",
    about: "Containers with this image crash, again and again",
    flags: { after: { value: "DURATION", default: CRASH_AFTER } },
    read(names, { after }) {
      const image = onlyName(names);
      return image === undefined ? undefined : { image, afterMs: readDurationMs(after) };
    },
    happen: (cluster, { image, afterMs }) => cluster.crashImage(image, afterMs),
  }),
  unready: aboutImage({
    usage: "unready IMAGE",
    about: "Pods with this image run and never get Ready",
    happen: (cluster, { image }) => cluster.holdImage(image),
  }),
  unschedulable: aboutImage({
    usage: "unschedulable IMAGE",
    about: "Pods with this image find no node",
    happen: (cluster, { image }) => cluster.strandImage(image),
  }),
  heal: aboutImage({
    usage: "heal IMAGE",
    about: "Nothing is wrong with this image any more",
    happen: (cluster, { image }) => cluster.healImage(image),
  }),
  nodes: fault({
    usage: "nodes full | free",
    about: "No room for further pods, or room again",
    flags: {},
    read(names) {
      const state = onlyName(names);
      return state === "full" || state === "free" ? { areFull: state === "full" } : undefined;
    },
    happen: (cluster, { areFull }) => cluster.fillNodes(areFull),
  }),
  quota: fault({
    usage: "quota PODS | none",
    about: "How many pods each namespace may have",
    flags: {},
    read(names) {
      const count = onlyName(names);
      if (count === undefined) return undefined;
      return { pods: count === "none" ? undefined : readCount(count, "pods") };
    },
    happen: (cluster, { pods }) => cluster.limitPods(pods),
  }),
  gate: fault({
    usage: "gate CONDITION open | shut",
    about: "Open a readiness gate of all pods that have it, or shut it again",
    flags: {},
    read([condition, state, ...more]) {
      if (!condition || more.length > 0) return undefined;
      return state === "open" || state === "shut"
        ? { condition, isOpen: state === "open" }
        : undefined;
    },
    happen: (cluster, { condition, isOpen }) => cluster.setGate(condition, isOpen),
  }),
  "pod-start": fault({
    usage: "pod-start DURATION",
    about: "How long pods take to get Ready from now on",
    flags: {},
    read(names) {
      const duration = onlyName(names);
      return duration === undefined ? undefined : { delayMs: readDurationMs(duration) };
    },
    happen: (cluster, { delayMs }) => cluster.setPodStart(delayMs),
  }),
});

/** A verb of which the cluster has no answer to give. */
type FaultVerb<Given, Known extends Flags> =
  & Omit<Verb<Given, Known, ScriptContext>, "carryOut">
  & { happen(cluster: EmbeddedCluster, given: Given): void };

function fault<Given, const Known extends Flags>({ happen, ...parts }: FaultVerb<Given, Known>) {
  return verb({
    ...parts,
    carryOut({ embedded }: ScriptContext, given: Given) {
      happen(embedded, given);
      return Promise.resolve("");
    },
  });
}

function aboutImage(
  parts: Pick<FaultVerb<{ readonly image: string }, Flags>, "usage" | "about" | "happen">,
) {
  return fault({
    ...parts,
    flags: {},
    read(names) {
      const image = onlyName(names);
      return image === undefined ? undefined : { image };
    },
  });
}
