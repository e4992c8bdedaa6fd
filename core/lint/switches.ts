/** Rules that somebody has switched off, for a file by a remark, for an object by an annotation. */
import { LINT_OFF_ANNOTATION } from "../api/names/names.ts";
import { decodeManifest } from "../api/manifest/decode_manifest.ts";
import { ManifestError } from "../api/manifest/mod.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import type { Finding } from "./finding.ts";
import type { LintSource } from "./source.ts";
import { RULES, UNKNOWN_RULE } from "./rules.ts";
import { type LintDocument, nameOf } from "./world.ts";

/** What is switched off, and the names among it that no rule has. */
export interface Switches {
  isOff(rule: string, file: string, document: LintDocument | undefined): boolean;
  readonly findings: readonly Finding[];
}

/** `# sluice-lint: off no-history, shared-service` */
const REMARK = /^[ \t]*#[ \t]*sluice-lint:[ \t]*off[ \t]+(.+)$/gm;

export function switchesOf(
  sources: readonly LintSource[],
  documents: readonly LintDocument[],
): Switches {
  const ofFile = new Map<string, Set<string>>();
  const ofDocument = new Map<LintDocument, Set<string>>();
  const findings: Finding[] = [];
  for (const source of sources) {
    const text = textOfSource(source);
    if (!text.includes("sluice-lint:")) continue;
    for (const match of text.matchAll(REMARK)) {
      const names = namesIn(match[1] ?? "");
      ofFile.set(source.file, new Set([...ofFile.get(source.file) ?? [], ...names]));
      const line = text.slice(0, match.index).split("\n").length;
      const column = match[0].indexOf("#") + 1;
      findings.push(...unknown(names, { file: source.file, line, column, object: "", path: "" }));
    }
  }
  for (const document of documents) {
    const { annotations } = fieldsOf(document.object.metadata);
    const names = namesIn(textOf(fieldsOf(annotations)[LINT_OFF_ANNOTATION]));
    if (names.length === 0) continue;
    ofDocument.set(document, new Set(names));
    const { file, object } = document;
    const place = document.position(["metadata", "annotations", LINT_OFF_ANNOTATION]);
    const what = { object: `${object.kind}/${nameOf(object)}`, path: "metadata.annotations" };
    findings.push(...unknown(names, { file, ...place, ...what }));
  }
  return {
    findings,
    isOff: (rule, file, document) =>
      ofFile.get(file)?.has(rule) === true ||
      (document !== undefined && ofDocument.get(document)?.has(rule) === true),
  };
}

function namesIn(list: string): string[] {
  return list.split(/[\s,]+/).filter((name) => name !== "");
}

function unknown(
  names: readonly string[],
  place: Pick<Finding, "file" | "line" | "column" | "object" | "path">,
): Finding[] {
  return names.filter((name) => !RULES.some((rule) => rule.name === name)).map((name) => ({
    severity: UNKNOWN_RULE.severity,
    rule: UNKNOWN_RULE.name,
    ...place,
    text: `unknown rule ${JSON.stringify(name)}`,
  }));
}

/** Empty for what is no text: that is told elsewhere. */
function textOfSource(source: LintSource): string {
  try {
    return decodeManifest(source);
  } catch (error) {
    if (error instanceof ManifestError) return "";
    throw error;
  }
}
