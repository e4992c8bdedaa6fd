import type { PluginPorts } from "../ports.ts";

/** A world in which nobody answers, at one moment. */
export const NO_ANSWER: PluginPorts = Object.freeze<PluginPorts>({
  now: () => 1_700_000_000_000,
  fetch: ({ url }) => Promise.reject(new Error(`Cannot reach ${url}: nobody answers`)),
  log: () => {},
});
