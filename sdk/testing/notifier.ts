/**
 * The conformance suite of notifiers. It asks for nothing but a notifier and the answers of the
 * service that it sends to, and belongs to no test framework:
 *
 * ```ts
 * for (const { name, check } of notifierLaws(subject)) Deno.test(name, check);
 * ```
 *
 * A law that a notifier cannot obey is skipped by declaring so, with a reason, in `subject.skips`.
 *
 * @module
 */
import { chosenLaws, type Law } from "./laws.ts";
import { NOTIFIER_CHECKS } from "./notifier_laws.ts";
import type { NotifierSubject } from "./notifier_subject.ts";

export * from "./notifier_subject.ts";

/** Names of all laws, as `skips` takes them. */
export const NOTIFIER_LAWS: readonly string[] = Object.freeze(Object.keys(NOTIFIER_CHECKS));

/**
 * The laws for one notifier.
 * @throws {Error} when a skip names no law or has no reason
 */
export function notifierLaws(subject: NotifierSubject): readonly Law[] {
  const { notifier: { name }, skips } = subject;
  return chosenLaws(NOTIFIER_CHECKS, skips).map(([law, check]) => ({
    name: `${name}: ${law}`,
    check: async () => await check(subject),
  }));
}
