/** Reading all files of a run; what is wrong with a file becomes findings. */
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import {
  collectManifests,
  type ManifestProblem,
  type ManifestReading,
  pathText,
  type ProblemKind,
} from "../api/manifest/mod.ts";
import { templateProblem } from "../api/manifest/unrendered.ts";
import type { Finding } from "./finding.ts";
import { patchFiles, plain } from "./kustomize.ts";
import type { Rule } from "./rule.ts";
import type { LintSource } from "./source.ts";
import { switchesOf } from "./switches.ts";
import {
  KEY_TWICE,
  NO_OBJECT,
  NOT_JSON,
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

/** A field with a wrong name: where it stands, and the name that it should have. */
export interface Slip {
  readonly at: FieldLocation;
  readonly meant: string;
}

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
  /** Unknown fields that are probably meant to be others, which then are not said to be absent. */
  readonly slips: ReadonlyMap<LintDocument, readonly Slip[]>;
  /** Whether somebody has switched a rule off for a file or an object. */
  isOff(rule: string, file: string, document: LintDocument | undefined): boolean;
}

/** Reads the files of a run; never throws. */
export function readSources(sources: readonly LintSource[]): Reading {
  const patches: PatchFile[] = [];
  const recipes = patchFiles(sources);
  const files: SourceReading[] = [];
  for (const source of sources) {
    const recipe = source.isNamed ? undefined : recipes.get(plain(source.file));
    if (recipe !== undefined) patches.push({ file: source.file, recipe });
    else files.push(readSource(source));
  }
  const documents = files.flatMap((file) => file.documents);
  const switches = switchesOf(sources, documents);
  const found = files.flatMap((file) => file.findings);
  return {
    documents,
    findings: [
      ...found.filter(({ finding, document }) =>
        !switches.isOff(finding.rule, finding.file, document)
      ).map(({ finding }) => finding),
      ...switches.findings,
    ],
    unreadable: files.flatMap(({ unreadable }) => unreadable ?? []),
    passedOver: files.flatMap(({ passedOver }) => passedOver ?? []),
    patches,
    wrongFields: new Map(files.flatMap(({ wrongFields }) => [...wrongFields])),
    slips: new Map(files.flatMap(({ slips }) => [...slips])),
    isOff: switches.isOff,
  };
}

/** What one file comes to. */
interface SourceReading {
  readonly documents: readonly LintDocument[];
  readonly findings: readonly {
    readonly finding: Finding;
    readonly document: LintDocument | undefined;
  }[];
  readonly unreadable?: UnreadableFile;
  readonly passedOver?: string;
  readonly wrongFields: ReadonlyMap<LintDocument, readonly FieldLocation[]>;
  readonly slips: ReadonlyMap<LintDocument, readonly Slip[]>;
}

const NOTHING: SourceReading = Object.freeze({
  documents: [],
  findings: [],
  wrongFields: new Map(),
  slips: new Map(),
});

function readSource(source: LintSource): SourceReading {
  const reading = collectManifests(source);
  const binary = reading.problems.find(({ kind }) => kind === "not-text");
  if (binary !== undefined) return { ...NOTHING, unreadable: binary };
  if (!source.isNamed && isNoManifest(reading)) return { ...NOTHING, passedOver: source.file };
  const template = templateProblem(reading);
  if (template !== undefined) {
    const finding = findingOf(template, reading);
    return { ...NOTHING, findings: [{ finding, document: documentOf(template, reading) }] };
  }
  const slips = slipsOf(reading);
  const wrongFields = new Map<LintDocument, FieldLocation[]>();
  const findings = [...reading.problems, ...reading.warnings]
    .filter((problem) => !isHarmless(problem, reading))
    .map((problem) => ({ problem, document: documentOf(problem, reading) }))
    .filter(({ problem, document }) => !isOfSlip(problem, slips.get(document as LintDocument)));
  for (const { problem, document } of findings) {
    if (document === undefined || problem.kind !== "field") continue;
    wrongFields.set(document, [...wrongFields.get(document) ?? [], problem.path ?? []]);
  }
  return {
    documents: reading.documents,
    findings: findings.map(({ problem, document }) => ({
      finding: findingOf(problem, reading),
      document,
    })),
    wrongFields,
    slips,
  };
}

function slipsOf(reading: ManifestReading): Map<LintDocument, Slip[]> {
  const slips = new Map<LintDocument, Slip[]>();
  for (const warning of reading.warnings) {
    const document = documentOf(warning, reading);
    const { meant, path = [] } = warning;
    if (document === undefined || meant === undefined) continue;
    slips.set(document, [...slips.get(document) ?? [], { at: path.slice(0, -1), meant }]);
  }
  return slips;
}

/** Whether a field is missing only since its name is written wrongly. */
function isOfSlip({ kind, path = [], detail }: ManifestProblem, slips: readonly Slip[] = []) {
  return kind === "field" && detail === "is required" && isAtSlip(path, slips);
}

/** Whether a place is the object of a slip, or the field that is meant there. */
export function isAtSlip(location: FieldLocation, slips: readonly Slip[]): boolean {
  const text = pathText(location);
  return slips.some(({ at, meant }) => [pathText(at), pathText([...at, meant])].includes(text));
}

const RULE_OF: Readonly<Record<Exclude<ProblemKind, "not-text" | "empty">, Rule>> = {
  "template": NOT_RENDERED,
  "recipe": NOT_RENDERED,
  "syntax": NOT_YAML,
  "not-json": NOT_JSON,
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

function isHarmless(problem: ManifestProblem, reading: ManifestReading): boolean {
  if (problem.kind === "empty") return true;
  // The server makes a name of it.
  const metadata = fieldsOf(documentOf(problem, reading)?.object.metadata);
  return problem.kind === "nameless" && typeof metadata["generateName"] === "string" &&
    metadata["generateName"] !== "";
}
