import type { Finding } from "./finding.ts";

/** The findings as JSON: a list of objects with the fields of `Finding`. */
export function jsonReport(findings: readonly Finding[]): string {
  return `${JSON.stringify(findings, null, 2)}\n`;
}
