import type { KubeObject } from "../../../sdk/api/object.ts";
import { goDurationProblem } from "../values/durations.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../names/defaults.ts";
import { type FieldError, invalid, required } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, item, placeAt } from "../../../sdk/wire/field_place.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";

const TEMPLATES = placeAt("spec.templates");

/**
 * Everything wrong with an Experiment, in the order in which the controller meets it. Its condition
 * `InvalidSpec` reports the first error's `detail`, without path and value.
 */
export function validateExperiment(experiment: KubeObject): FieldError[] {
  const spec = fieldsOf(experiment["spec"]);
  const name = textOf(fieldsOf(experiment.metadata)["name"]);
  const deadline = spec["progressDeadlineSeconds"];
  const deadlineSeconds = typeof deadline === "number"
    ? deadline
    : PROGRESS_DEADLINE_DEFAULT_SECONDS;
  const names = new Set<string>();
  const ofTemplates = listOf(spec["templates"]).flatMap((template, index) => {
    const fields = fieldsOf(template);
    const errors = [
      ...validateSelected(fields, index),
      ...validateReadiness(fields, index, deadlineSeconds),
      ...validateName(textOf(fields["name"]), { index, names, experiment: name }),
    ];
    names.add(textOf(fields["name"]));
    return errors;
  });
  return [...ofTemplates, ...validateDuration(spec, placeAt("spec"))];
}

/** A duration that cannot be read would be none: pods, and their share, for ever. */
export function validateDuration({ duration }: Fields, place: FieldPlace): FieldError[] {
  const text = textOf(duration);
  const problem = text === "" ? undefined : goDurationProblem(text);
  if (problem === undefined) return [];
  const detail = `invalid duration string: ${problem}`;
  return [invalid(child(place, "duration"), text, { detail })];
}

function validateSelected({ selector }: Fields, index: number): FieldError[] {
  const place = child(item(TEMPLATES, index), "selector");
  if (isUnset(selector)) {
    return [required(place, `Rollout has missing field '.Spec.Templates[${index}].Selector'`)];
  }
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  if (!isUnset(matchLabels) || !isUnset(matchExpressions)) return [];
  const detail = `This experiment is selecting all pods at index ${index}. ` +
    "A non-empty selector is required.";
  return [invalid(place, selector, { detail })];
}

function validateReadiness(
  { minReadySeconds }: Fields,
  index: number,
  deadlineSeconds: number,
): FieldError[] {
  const seconds = typeof minReadySeconds === "number" ? minReadySeconds : 0;
  if (seconds <= deadlineSeconds) return [];
  const place: FieldPlace = child(item(TEMPLATES, index), "minReadySeconds");
  const detail = "MinReadySeconds cannot be longer than ProgressDeadlineSeconds. " +
    `Check template index ${index}`;
  return [invalid(place, seconds, { detail })];
}

function validateName(
  name: string,
  { index, names, experiment }: { index: number; names: ReadonlySet<string>; experiment: string },
): FieldError[] {
  const place = child(item(TEMPLATES, index), "name");
  if (name === "") {
    const detail = `Experiment ${experiment} has empty template name at index ${index}`;
    return [required(place, detail)];
  }
  if (!names.has(name)) return [];
  const detail = `Experiment ${experiment} has repeated template name '${name}' in templates`;
  return [invalid(place, name, { detail })];
}
