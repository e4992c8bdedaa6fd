import { pauseSeconds } from "../values/durations.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item } from "../../../sdk/wire/field_place.ts";
import { goJsonList } from "../hash/go_json.ts";
import {
  type Fields,
  fieldsOf,
  isIntOrString,
  isUnset,
  listOf,
  textOf,
} from "../../../sdk/wire/json.ts";
import { labelKeyProblems } from "./kube_names.ts";
import { ARGUMENT_FIELDS } from "../hash/step_fields.ts";
import { validateDuration } from "./validate_experiment.ts";
import { type StepContext, validateRouteStep } from "./validate_route_step.ts";

/** Everything wrong with one step. */
export function validateStep(step: unknown, index: number, context: StepContext): FieldError[] {
  const fields = fieldsOf(step);
  const place = item(child(context.canary, "steps"), index);
  return [
    ...validateKind(fields, place),
    ...validateWeight(fields, place, context),
    ...validatePause(fields["pause"], place),
    ...validateDuration(fieldsOf(fields["experiment"]), child(place, "experiment")),
    ...validateRouteStep(fields, place, context),
    ...validateArguments(fields, place),
  ];
}

/** Exactly these exclude one another; a step may combine all other kinds. */
const EXCLUSIVE_KINDS = ["experiment", "pause", "setWeight", "analysis"] as const;
/** All of them. */
export const STEP_KINDS = [
  ...EXCLUSIVE_KINDS,
  "setCanaryScale",
  "setHeaderRoute",
  "setMirrorRoute",
  "plugin",
] as const;

function validateKind(step: Fields, place: FieldPlace): FieldError[] {
  const detail = "Step must have one of the following set: " +
    "experiment, setWeight, setCanaryScale, plugin or pause";
  const isSet = (kind: string) => !isUnset(step[kind]);
  if (EXCLUSIVE_KINDS.filter(isSet).length > 1) {
    return [invalid(place, kindsText(EXCLUSIVE_KINDS, isSet), { detail })];
  }
  // Quirk(empty-step-value): the message lists as true what is missing.
  return STEP_KINDS.some(isSet)
    ? []
    : [invalid(place, kindsText(STEP_KINDS, () => true), { detail })];
}

function kindsText(kinds: readonly string[], isTrue: (kind: string) => boolean): string {
  return kinds
    .map((kind) => `step.${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${isTrue(kind)}`)
    .join(" ");
}

function validateWeight({ setWeight }: Fields, place: FieldPlace, context: StepContext) {
  if (typeof setWeight !== "number" || (setWeight >= 0 && setWeight <= context.weightMax)) {
    return [];
  }
  const detail = `SetWeight needs to be between 0 and ${context.weightMax}`;
  return [invalid(child(place, "setWeight"), setWeight, { detail })];
}

function validatePause(pause: unknown, place: FieldPlace): FieldError[] {
  const { duration } = fieldsOf(pause);
  const seconds = pauseSeconds(isIntOrString(duration) ? duration : undefined);
  if (seconds === undefined || seconds >= 0) return [];
  const detail = "Duration needs to be greater than 0";
  return [invalid(child(place, "pause", "duration"), seconds, { detail })];
}

/** One error for each bad argument; every one of them shows the arguments of the whole step. */
function validateArguments(step: Fields, place: FieldPlace): FieldError[] {
  const analyses = listOf(fieldsOf(step["experiment"])["analyses"]);
  const located = [
    ...analyses.flatMap((analysis, index) =>
      argumentsAt(fieldsOf(analysis)["args"], ["experiment", "analyses", index, "args"])
    ),
    ...argumentsAt(fieldsOf(step["analysis"])["args"], ["analysis", "args"]),
  ];
  const value = located.map(({ argument }) => argument);
  return located.filter(({ argument }) => !hasReadableField(argument)).map(({ location }) =>
    invalid({ path: `${place.path}.analyses`, location: [...place.location, ...location] }, value, {
      detail: "Analyses arguments must refer to valid object metadata supported by downwardAPI",
      shown: goJsonList(value, ARGUMENT_FIELDS),
    })
  );
}

function argumentsAt(list: unknown, location: FieldPlace["location"]) {
  return listOf(list).map((argument, index) => ({ argument, location: [...location, index] }));
}

const READABLE_METADATA = ["annotations", "labels", "name", "namespace", "uid"];

/** Of the object's metadata only some fields can be handed to an analysis; others pass here. */
function hasReadableField(argument: unknown): boolean {
  const source = fieldsOf(fieldsOf(argument)["valueFrom"]);
  const path = textOf(fieldsOf(source["fieldRef"])["fieldPath"]);
  const subscript = /^(.*)\['(.*)'\]$/s.exec(path);
  if (subscript !== null) {
    const [, field, key = ""] = subscript;
    if (field === "metadata.labels") return labelKeyProblems(key).length === 0;
    if (field === "metadata.annotations") {
      return labelKeyProblems(key.toLowerCase()).length === 0;
    }
    return false;
  }
  if (!path.startsWith("metadata")) return true;
  return READABLE_METADATA.some((name) => path === `metadata.${name}`);
}
