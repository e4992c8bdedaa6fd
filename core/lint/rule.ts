import type { Severity, Spot } from "./finding.ts";
import type { LintWorld } from "./rollout_subject.ts";
import type { LintDocument } from "./world.ts";

/** One thing that lint looks for. */
export interface Rule {
  /** Stable, in kebab-case. */
  readonly name: string;
  readonly severity: Severity;
  /** What is reported, in one sentence. */
  readonly reports: string;
  /** What happens to those who leave it so, in one sentence. */
  readonly why: string;
}

/** A rule that can be asked; the others are what reading and validation say. */
export interface CheckedRule extends Rule {
  /** It adds to what the controller says, and is silent where that has said something. */
  readonly isComplement?: boolean;
  check(world: LintWorld): Spot<LintDocument>[];
}
