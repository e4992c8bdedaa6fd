/** Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about. */
import type { Finding } from "./finding.ts";
import type { UnreadableFile } from "./read_sources.ts";
import { RULES } from "./rules.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" +
  "sarif-schema-2.1.0.json";

/** One run of lint as a SARIF log. */
export function sarifReport(
  findings: readonly Finding[],
  { version, unreadable }: { version: string; unreadable: readonly UnreadableFile[] },
): string {
  const run = {
    tool: { driver: { name: "sluice", version, rules: RULES.map(ruleOf) } },
    columnKind: "utf16CodeUnits",
    invocations: [{
      executionSuccessful: unreadable.length === 0,
      toolExecutionNotifications: unreadable.map(notificationOf),
    }],
    results: findings.map(resultOf),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function ruleOf({ name, severity, reports, why }: (typeof RULES)[number]) {
  return {
    id: name,
    shortDescription: { text: reports },
    fullDescription: { text: `${reports} ${why}` },
    help: { text: why },
    defaultConfiguration: { level: severity },
  };
}

function resultOf({ rule, severity, file, line, column, object, path, text }: Finding) {
  return {
    ruleId: rule,
    ruleIndex: RULES.findIndex(({ name }) => name === rule),
    level: severity,
    message: { text: path === "" ? text : `${path}: ${text}` },
    locations: [{
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        region: { startLine: line, startColumn: column },
      },
      ...(object === "" ? {} : {
        logicalLocations: [{ name: object, fullyQualifiedName: `${object}#${path}` }],
      }),
    }],
  };
}

function notificationOf({ file, detail }: UnreadableFile) {
  return {
    level: "error",
    message: { text: detail },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  };
}

/** A path as a reference: relative ones stay relative, to the folder that lint was called in. */
function uriOf(file: string): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  if (path.startsWith("/")) return `file://${path}`;
  // A colon in the first part would make a scheme of it; it is encoded already.
  return path;
}
