/**
 * Manifests in, findings out: everything wrong with the files of a release before a cluster sees
 * them. `read_sources.ts` reads, `lint.ts` judges, `rules.ts` is the table of everything that is
 * ever reported; a rule is one function in `rules/`.
 *
 * Deliberately absent: reading of files and clusters (objects of a cluster are handed in), and any
 * judgement of kinds that a Rollout does not touch.
 *
 * @module
 */
export { type Finding, findingText, type Severity } from "./finding.ts";
export { judge, missingNames } from "./lint.ts";
export { type Reading, readSources, type UnreadableFile } from "./read_sources.ts";
export type { LintSource } from "./source.ts";
export { jsonReport } from "./json_report.ts";
export type { Rule } from "./rule.ts";
export { RULES } from "./rules.ts";
export { isNotificationConfig } from "./rules/notifications.ts";
export { sarifReport } from "./sarif_report.ts";
export { summaryText } from "./summary.ts";
export type { Wanted } from "./world.ts";
