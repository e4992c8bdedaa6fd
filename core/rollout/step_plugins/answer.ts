/**
 * Answers questions for step plugins: calls the plugin, checks what it says, and strikes secrets
 * out of it. Calls of one step never overlap: one that ends a step waits for the run that it ends.
 */
import type { PluginRegistry } from "../../../sdk/registry.ts";
import type { StepAnswer, StepCall, StepPlugin, StepPorts } from "../../../sdk/step_plugin.ts";
import type { Json } from "../../../sdk/wire/json.ts";
import { Redaction } from "../../analysis/mod.ts";
import { EVENT_MESSAGE } from "../../api/names/event_reason.ts";
import type { Answerer } from "../../engine/mod.ts";
import type { StepQuestion, StepReply } from "./calls.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** Whose call it is, and what ends it. */
export interface StepScope {
  /** The Rollout's. */
  readonly namespace: string;
  readonly signal: AbortSignal;
}

export interface StepAnswererOptions {
  readonly plugins: PluginRegistry;
  /** What a plugin may use during one call. */
  readonly ports: (scope: StepScope) => Omit<StepPorts, "conceal">;
}

const PHASES: readonly unknown[] = ["Running", "Successful", "Failed"];
/** The status of a Rollout holds it, with those of all other steps. */
const STATUS_MAX_BYTES = 16 * 1024;

export function stepAnswerer({ plugins, ports: portsOf }: StepAnswererOptions): Answerer {
  /** The last call of each step that is under way. */
  const running = new Map<string, Promise<unknown>>();
  return {
    // Each waits for somebody of its own.
    limit: Infinity,
    async answer(question, signal) {
      const asked = question as StepQuestion;
      const { namespace = "" } = asked.rollout.metadata;
      const ports = portsOf({ namespace, signal });
      const before = running.get(asked.step) ?? Promise.resolve();
      const call = before.then(() => answer(asked, plugins, ports));
      const ended = call.catch(() => {});
      running.set(asked.step, ended);
      try {
        return await call;
      } finally {
        if (running.get(asked.step) === ended) running.delete(asked.step);
      }
    },
  };
}

async function answer(
  { plugin: name, operation, id, step, rollout, index: stepIndex, config, status }: StepQuestion,
  { stepPlugins }: PluginRegistry,
  ports: Omit<StepPorts, "conceal">,
): Promise<StepReply> {
  const redaction = new Redaction();
  try {
    ports.signal.throwIfAborted();
    const plugin = stepPlugins.find((each) => each.name === name);
    if (plugin === undefined) throw new Error(EVENT_MESSAGE.stepPluginUnknown(name));
    const call: StepCall = {
      id,
      step,
      rollout,
      stepIndex,
      config,
      ...(status === undefined ? {} : { status }),
    };
    const said = await callOf(plugin, operation)?.(call, concealing(ports, redaction));
    return struckOut(checked(said ?? { phase: "Successful" }), redaction);
  } catch (error) {
    // Nobody hears it any more, or the deadline speaks for itself.
    if (ports.signal.aborted) throw error;
    const message = redaction.text(errorText(error));
    return { phase: "Error", message };
  }
}

function callOf(plugin: StepPlugin, operation: StepQuestion["operation"]) {
  switch (operation) {
    case "Run":
      return plugin.run.bind(plugin);
    case "Terminate":
      return plugin.terminate?.bind(plugin);
    case "Abort":
      return plugin.abort?.bind(plugin);
  }
}

function concealing(ports: Omit<StepPorts, "conceal">, redaction: Redaction): StepPorts {
  return {
    ...ports,
    secret: async (name, key) => {
      const value = await ports.secret(name, key);
      redaction.add(value);
      return value;
    },
    conceal: (text) => redaction.add(text),
    log: (level, message) => ports.log(level, redaction.text(message)),
  };
}

/** What a plugin said, if it is an answer. @throws {Error} */
function checked({ phase, message, requeueAfterSeconds, status }: StepAnswer): StepReply {
  if (!PHASES.includes(phase)) throw new Error(`phase '${phase}' is not valid`);
  const text = status === undefined ? undefined : JSON.stringify(status);
  const length = text === undefined ? 0 : new TextEncoder().encode(text).length;
  if (length > STATUS_MAX_BYTES) {
    throw new Error(`its status has ${length} bytes, and ${STATUS_MAX_BYTES} are the most`);
  }
  return {
    phase,
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof requeueAfterSeconds === "number" ? { requeueAfterSeconds } : {}),
    ...(text === undefined ? {} : { status: JSON.parse(text) as Json }),
  };
}

function struckOut(reply: StepReply, redaction: Redaction): StepReply {
  const { message, status } = reply;
  return {
    ...reply,
    ...(message === undefined ? {} : { message: redaction.text(message) }),
    ...(status === undefined
      ? {}
      : { status: JSON.parse(redaction.text(JSON.stringify(status))) as Json }),
  };
}
