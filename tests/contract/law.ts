/** A law of the cluster port: one sentence that must be true of every implementation. */
import type { Subject } from "./subject.ts";

/** Proves a law on one cluster by returning, disproves it by throwing. */
export type Check = (subject: Subject) => Promise<void>;

/** One law, under the name of the API semantic that it belongs to. */
export interface Law {
  readonly semantic: string;
  readonly law: string;
  readonly check: Check;
}

/** The laws of one semantic, by their sentences. */
export function lawsOf(semantic: string, checks: Readonly<Record<string, Check>>): Law[] {
  return Object.entries(checks).map(([law, check]) => ({ semantic, law, check }));
}
