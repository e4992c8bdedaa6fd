/**
 * The conformance suite of metric providers. It asks for nothing but a provider and the answers of
 * the source that it asks, and belongs to no test framework:
 *
 * ```ts
 * for (const { name, check } of metricProviderLaws(subject)) Deno.test(name, check);
 * ```
 *
 * A law that a provider cannot obey is skipped by declaring so, with a reason, in `subject.skips`.
 *
 * @module
 */
import type { Fields } from "../wire/json.ts";
import { chosenLaws, type Law } from "./laws.ts";
import { METRIC_LAWS } from "./metric_laws.ts";
import type { MetricSubject } from "./metric_subject.ts";

export { MemoryCluster } from "./memory_cluster.ts";
export * from "./metric_subject.ts";

/** Names of all laws, as `skips` takes them. */
export const METRIC_PROVIDER_LAWS: readonly string[] = Object.freeze(Object.keys(METRIC_LAWS));

/**
 * The laws for one provider.
 * @throws {Error} when a skip names no law or has no reason
 */
export function metricProviderLaws<Config = Fields>(
  subject: MetricSubject<Config>,
): readonly Law[] {
  const { provider: { name }, skips } = subject;
  return chosenLaws(METRIC_LAWS, skips).map(([law, check]) => ({
    name: `${name}: ${law}`,
    check: async () => await check(subject),
  }));
}
