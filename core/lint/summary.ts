import type { Finding } from "./finding.ts";

/** `2 errors, 1 warning in 3 files` */
export function summaryText(findings: readonly Finding[], fileCount: number): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  return `${counted(errors, "error")}, ${counted(warnings, "warning")} in ` +
    counted(fileCount, "file");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
