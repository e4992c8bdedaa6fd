/** Judging what was read: validation, references, rules. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Rollout } from "../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../sdk/registry.ts";
import type { FieldLocation } from "../../sdk/wire/field_place.ts";
import type { FieldError } from "../../sdk/wire/field_error.ts";
import { pathText } from "../api/manifest/mod.ts";
import { validateAnalysisTemplate } from "../api/validation/validate_analysis_template.ts";
import { validateExperiment } from "../api/validation/validate_experiment.ts";
import { validateRollout } from "../api/validation/validate_rollout.ts";
import { compareFindings, type Finding, findingText, type Spot } from "./finding.ts";
import { isAtSlip, objectText, type Reading } from "./read_sources.ts";
import { referenceErrors } from "./references.ts";
import { lintWorldOf } from "./rollout_subject.ts";
import type { Rule } from "./rule.ts";
import { CHECKED_RULES, INVALID_SPEC, LEFT_OUT_FIELD, WRONG_REFERENCE } from "./rules.ts";
import {
  groupOf,
  type LintDocument,
  type NotificationReader,
  type Wanted,
  type World,
  worldOf,
} from "./world.ts";
import { leftOutSpots, wordsOf } from "./words.ts";

/** All findings about what was read, in the order of a report. */
export function judge(
  reading: Reading,
  plugins: PluginRegistry,
  { clusterObjects = [], notifications }: {
    readonly clusterObjects?: readonly KubeObject[];
    readonly notifications?: NotificationReader | undefined;
  } = {},
): Finding[] {
  const objects = worldOf(reading.documents, plugins, clusterObjects);
  const world = lintWorldOf({ ...objects, notifications });
  const findings = [...reading.findings];
  const said = new Map<LintDocument, FieldLocation[]>();
  const add = (rule: Rule, spots: readonly Spot<LintDocument>[]) => {
    for (const spot of spots) {
      if (isAbout(reading.wrongFields, spot)) continue;
      if (!reading.isOff(rule.name, spot.document.file, spot.document)) {
        findings.push(findingAt(rule, spot));
      }
    }
  };
  for (const document of reading.documents) {
    const slips = reading.slips.get(document) ?? [];
    const leftOut = leftOutSpots(document);
    add(LEFT_OUT_FIELD, leftOut);
    const isLeftOut = new Set(leftOut.map(({ location }) => pathText(location)));
    const spots = specErrors(document, plugins).filter(isNews)
      .filter(({ location }) => !isLeftOut.has(pathText(location)))
      .map((error) => wordsOf(error, document))
      .filter(({ location }) => !isAtSlip(location, slips));
    add(INVALID_SPEC, spots);
    for (const { location } of [...leftOut, ...spots]) {
      said.set(document, [...said.get(document) ?? [], location]);
    }
  }
  add(WRONG_REFERENCE, referenceErrors(world));
  for (const rule of CHECKED_RULES) {
    const spots = rule.check(world);
    add(rule, rule.isComplement === true ? spots.filter((spot) => !isAbout(said, spot)) : spots);
  }
  return withoutRepetition(findings).sort(compareFindings);
}

/** The objects that the files name, and that neither they nor the cluster hold. */
export function missingNames(
  reading: Reading,
  plugins: PluginRegistry,
  clusterObjects: readonly KubeObject[],
): readonly Wanted[] {
  const world = worldOf(reading.documents, plugins, clusterObjects);
  const missing: Wanted[] = [];
  // Validation knows what it looks for, also in objects that were found on the way.
  const find: World["find"] = (wanted, from) => {
    const known = world.find(wanted, from);
    if (known === undefined && wanted.name !== "") missing.push(wanted);
    return known;
  };
  referenceErrors(lintWorldOf({ ...world, find }));
  return missing;
}

/** What the controller says of an object taken by itself. */
function specErrors({ object }: LintDocument, plugins: PluginRegistry): FieldError[] {
  if (groupOf(object) !== "argoproj.io") return [];
  switch (object.kind) {
    case "Rollout":
      return validateRollout(object as Rollout, plugins);
    case "Experiment":
      return validateExperiment(object);
    case "AnalysisTemplate":
    case "ClusterAnalysisTemplate":
    case "AnalysisRun":
      return validateAnalysisTemplate(object);
    default:
      return [];
  }
}

/** Two names that are missing are no duplicates in words for people. */
function isNews({ type, value }: FieldError): boolean {
  return type !== "Duplicate" || value !== "";
}

function findingAt(rule: Rule, { document, location, text }: Spot<LintDocument>): Finding {
  const { line, column } = document.position(location);
  return {
    severity: rule.severity,
    rule: rule.name,
    file: document.file,
    line,
    column,
    object: objectText(document),
    path: pathText(location),
    text: text.replaceAll(/\s*\n\s*/g, " "),
  };
}

/** What a value leads to that is known to be wrong is no news. */
function isAbout(
  wrong: ReadonlyMap<LintDocument, readonly FieldLocation[]>,
  { document, location }: Spot<LintDocument>,
): boolean {
  const overlaps = (path: FieldLocation) =>
    path.every((part, index) => index >= location.length || part === location[index]);
  return wrong.get(document)?.some(overlaps) ?? false;
}

function withoutRepetition(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(findings.map((finding) => [findingText({ ...finding, rule: "" }), finding]))
      .values(),
  ];
}
