/**
 * The conformance suite of step plugins. It asks for nothing but a plugin and the service that it
 * talks to, and belongs to no test framework:
 *
 * ```ts
 * for (const { name, check } of stepPluginLaws(subject)) Deno.test(name, check);
 * ```
 *
 * A law that a plugin cannot obey is skipped by declaring so, with a reason, in `subject.skips`.
 *
 * @module
 */
import type { Fields } from "../wire/json.ts";
import { chosenLaws, type Law } from "./laws.ts";
import { STEP_LAWS } from "./step_laws.ts";
import type { StepSubject } from "./step_subject.ts";

export * from "./step_subject.ts";

/** Names of all laws, as `skips` takes them. */
export const STEP_PLUGIN_LAWS: readonly string[] = Object.freeze(Object.keys(STEP_LAWS));

/**
 * The laws for one plugin.
 * @throws {Error} when a skip names no law or has no reason
 */
export function stepPluginLaws<Config = Fields>(subject: StepSubject<Config>): readonly Law[] {
  const { plugin: { name }, skips } = subject;
  return chosenLaws(STEP_LAWS, skips).map(([law, check]) => ({
    name: `${name}: ${law}`,
    check: async () => await check(subject),
  }));
}
