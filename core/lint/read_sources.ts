/** Reading all files of a run; what is wrong with a file becomes findings. */
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import {
  collectManifests,
  type ManifestProblem,
  type ManifestReading,
  type ManifestSource,
  pathText,
  type ProblemKind,
} from "../api/manifest/mod.ts";
import { NOT_RENDERED_TEXT } from "../api/manifest/parse_text.ts";
import { findKind } from "../api/schema/kinds.ts";
import type { Finding } from "./finding.ts";
import { patchFiles, plain } from "./kustomize.ts";
import type { Rule } from "./rule.ts";
import {
  KEY_TWICE,
  NO_OBJECT,
  NOT_RENDERED,
  NOT_YAML,
  TOO_LARGE,
  UNKNOWN_FIELD,
  UNKNOWN_POD_FIELD,
  WRONG_FIELD,
} from "./rules.ts";
import { type LintDocument, nameOf } from "./world.ts";

/** A file that holds no text, and why. */
export interface UnreadableFile {
  readonly file: string;
  readonly detail: string;
}

/** A file that is a patch, and the kustomization.yaml that says so. */
export interface PatchFile {
  readonly file: string;
  readonly recipe: string;
}

/** A file to look at. */
export type LintSource = ManifestSource & {
  /** Somebody named it; others were found in a folder, and may be no manifests at all. */
  readonly isNamed: boolean;
};

/** All files of a run. */
export interface Reading {
  readonly documents: readonly LintDocument[];
  readonly findings: readonly Finding[];
  readonly unreadable: readonly UnreadableFile[];
  /** Files of a folder that hold no Kubernetes object, or a recipe for some. */
  readonly passedOver: readonly string[];
  /** Files of a folder that are patches of Kustomize. */
  readonly patches: readonly PatchFile[];
  /** Fields whose values are of the wrong type: nothing else is said about them. */
  readonly wrongFields: ReadonlyMap<LintDocument, readonly FieldLocation[]>;
}

/** Reads the files of a run; never throws. */
export function readSources(sources: readonly LintSource[]): Reading {
  const documents: LintDocument[] = [];
  const findings: Finding[] = [];
  const unreadable: UnreadableFile[] = [];
  const passedOver: string[] = [];
  const patches: PatchFile[] = [];
  const recipes = patchFiles(sources);
  const wrongFields = new Map<LintDocument, FieldLocation[]>();
  for (const source of sources) {
    const recipe = source.isNamed ? undefined : recipes.get(plain(source.file));
    if (recipe !== undefined) {
      patches.push({ file: source.file, recipe });
      continue;
    }
    const reading = collectManifests(source);
    const binary = reading.problems.find(({ kind }) => kind === "not-text");
    if (binary !== undefined) {
      unreadable.push(binary);
      continue;
    }
    if (!source.isNamed && isNoManifest(reading)) {
      passedOver.push(source.file);
      continue;
    }
    const template = templateProblem(reading);
    if (template !== undefined) {
      findings.push(findingOf(template, reading));
      continue;
    }
    documents.push(...reading.documents);
    for (const problem of [...reading.problems, ...reading.warnings]) {
      if (isHarmless(problem, reading)) continue;
      findings.push(findingOf(problem, reading));
      const document = documentOf(problem, reading);
      if (document === undefined || problem.kind !== "field") continue;
      wrongFields.set(document, [...wrongFields.get(document) ?? [], problem.path ?? []]);
    }
  }
  return { documents, findings, unreadable, passedOver, patches, wrongFields };
}

const RULE_OF: Readonly<Record<Exclude<ProblemKind, "not-text" | "empty">, Rule>> = {
  "template": NOT_RENDERED,
  "recipe": NOT_RENDERED,
  "syntax": NOT_YAML,
  "no-object": NO_OBJECT,
  "configuration": WRONG_FIELD,
  "nameless": WRONG_FIELD,
  "field": WRONG_FIELD,
  "size": TOO_LARGE,
  "unknown-field": UNKNOWN_FIELD,
  "duplicate-key": KEY_TWICE,
};

function ruleOf({ kind, path = [] }: ManifestProblem): Rule {
  if (kind === "unknown-field" && path.includes("template")) return UNKNOWN_POD_FIELD;
  return kind === "empty" || kind === "not-text" ? NOT_YAML : RULE_OF[kind];
}

function findingOf(problem: ManifestProblem, reading: ManifestReading): Finding {
  const { file, position, path = [], detail } = problem;
  const rule = ruleOf(problem);
  const document = documentOf(problem, reading);
  return {
    severity: rule.severity,
    rule: rule.name,
    file,
    line: position.line,
    column: position.column,
    object: document === undefined ? "" : objectText(document),
    path: pathText(path),
    text: detail,
  };
}

const NO_MANIFEST: readonly ProblemKind[] = ["no-object", "recipe", "configuration"];

function isNoManifest({ documents, problems }: ManifestReading): boolean {
  return documents.length === 0 && problems.length > 0 &&
    problems.every(({ kind }) => NO_MANIFEST.includes(kind));
}

/** `Rollout/web`, for people and for those who group findings. */
export function objectText({ object }: LintDocument): string {
  return `${object.kind}/${nameOf(object)}`;
}

function documentOf({ document }: ManifestProblem, { documents }: ManifestReading) {
  return document === undefined ? undefined : documents[document];
}

/** Why a file was not rendered: what its template would put there cannot be judged. */
function templateProblem(reading: ManifestReading): ManifestProblem | undefined {
  for (const problem of reading.problems) {
    if (problem.kind === "template") return problem;
    const { path = [], kind } = problem;
    if (kind !== "field") continue;
    const value = valueAt(documentOf(problem, reading)?.object, path);
    if (typeof value === "string" && value.includes("{{")) {
      return { ...problem, kind: "template", detail: NOT_RENDERED_TEXT };
    }
  }
  for (const { file, index, object, position } of reading.documents) {
    // Other kinds have templates of their own: an ApplicationSet, a ConfigMap of notifications.
    if (findKind(object) === undefined && object.kind !== "Service") continue;
    const path = leftoverIn(object, []);
    if (path === undefined) continue;
    const detail = NOT_RENDERED_TEXT;
    return { kind: "template", file, position: position(path), path, detail, document: index };
  }
  return undefined;
}

/** What Helm would replace: `{{ .Values.tag }}`, `{{ include "web.name" . }}`. */
const LEFTOVER = /\{\{-?\s*(?:[.$]|(?:include|template|tpl|if|range|with|end|default|toYaml)\b)/;
/** Here programs get templates of their own: an agent's, a query's, a shell's. */
const OTHERS_TEXT = ["annotations", "args", "command", "env", "metrics", "value"];

/** Where a quoted part of a template stands that no type gives away. */
function leftoverIn(value: unknown, at: FieldLocation): FieldLocation | undefined {
  if (typeof value === "string") return LEFTOVER.test(value) ? at : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    if (OTHERS_TEXT.includes(key)) continue;
    const found = leftoverIn(child, [...at, Array.isArray(value) ? Number(key) : key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isHarmless(problem: ManifestProblem, reading: ManifestReading): boolean {
  if (problem.kind === "empty") return true;
  // The server makes a name of it.
  const metadata = fieldsOf(documentOf(problem, reading)?.object.metadata);
  return problem.kind === "nameless" && typeof metadata["generateName"] === "string" &&
    metadata["generateName"] !== "";
}

function valueAt(object: unknown, path: FieldLocation): unknown {
  return path.reduce(
    (value, part) => typeof part === "number" ? listOf(value)[part] : fieldsOf(value)[part],
    object,
  );
}
