/** What the controller finds wrong with a Rollout; the first error is what its status reports. */
import type { Rollout } from "../../../sdk/api/rollout.ts";
import type { PluginRegistry } from "../../../sdk/registry.ts";
import { PROGRESS_DEADLINE_DEFAULT_SECONDS } from "../names/defaults.ts";
import {
  type FieldError,
  internalError,
  invalid,
  required,
} from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace, placeAt } from "../../../sdk/wire/field_place.ts";
import { goJson } from "../hash/go_json.ts";
import { fieldsOf, isUnset } from "../../../sdk/wire/json.ts";
import { SELECTOR_FIELDS } from "../hash/step_fields.ts";
import { validateBlueGreen } from "./validate_blue_green.ts";
import { validateCanary } from "./validate_canary.ts";
import { validatePodTemplate } from "./validate_pod_template.ts";
import { isEmptySelector, validateSelector } from "./validate_selector.ts";

const SPEC = placeAt("spec");

/**
 * Every error of a Rollout itself, in the order in which the controller meets them. Types are
 * taken as checked: what is of a wrong type counts as absent.
 */
export function validateRollout(rollout: Rollout, plugins: PluginRegistry): FieldError[] {
  const spec = fieldsOf(rollout.spec);
  return [
    ...notNegative(spec, "replicas"),
    ...validateSelectorAndTemplate(spec),
    ...notNegative(spec, "minReadySeconds"),
    ...notNegative(spec, "revisionHistoryLimit"),
    ...notNegative(spec, "progressDeadlineSeconds"),
    ...validateDeadline(spec),
    ...validateStrategy(rollout, plugins),
  ];
}

function notNegative(spec: Record<string, unknown>, name: string): FieldError[] {
  const value = numberOf(spec[name]);
  const detail = "must be greater than or equal to 0";
  return value !== undefined && value < 0 ? [invalid(child(SPEC, name), value, { detail })] : [];
}

function validateSelectorAndTemplate(spec: Record<string, unknown>): FieldError[] {
  const { selector, template } = spec;
  const place = child(SPEC, "selector");
  const shapeErrors = validateSelector(selector, place);
  const invalidSelector = invalid(place, selector, {
    detail: "invalid label selector",
    shown: goJson(selector, SELECTOR_FIELDS),
  });
  if (!isUnset(spec["workloadRef"])) {
    // With a workload reference selector and template come from the workload.
    return [
      ...validateTemplateOfReference(template),
      ...(shapeErrors.length > 0 ? [invalidSelector] : []),
    ];
  }
  if (isUnset(selector)) {
    return [
      required(place, "Rollout has missing field '.spec.selector'"),
      ...validatePodTemplate(template, { selector: undefined, place: child(SPEC, "template") }),
    ];
  }
  if (shapeErrors.length > 0) return [...shapeErrors, invalidSelector];
  return [
    ...(isEmptySelector(selector) ? [emptySelector(place)] : []),
    ...validatePodTemplate(template, { selector, place: child(SPEC, "template") }),
  ];
}

function emptySelector(place: FieldPlace): FieldError {
  return invalid(place, {}, { detail: "empty selector is invalid for deployment" });
}

/** A template counts as empty when it has neither labels nor annotations. */
function validateTemplateOfReference(template: unknown): FieldError[] {
  const { labels, annotations } = fieldsOf(fieldsOf(template)["metadata"]);
  const isEmpty = Object.keys(fieldsOf(labels)).length === 0 &&
    Object.keys(fieldsOf(annotations)).length === 0;
  const detail = "template must be empty for workload reference rollout";
  return isEmpty ? [] : [internalError(child(SPEC, "template"), detail)];
}

function validateDeadline(spec: Record<string, unknown>): FieldError[] {
  const minReadySeconds = numberOf(spec["minReadySeconds"]) ?? 0;
  const deadlineSeconds = numberOf(spec["progressDeadlineSeconds"]) ??
    PROGRESS_DEADLINE_DEFAULT_SECONDS;
  if (deadlineSeconds > minReadySeconds) return [];
  const place = child(SPEC, "progressDeadlineSeconds");
  return [invalid(place, deadlineSeconds, { detail: "must be greater than minReadySeconds" })];
}

function validateStrategy(rollout: Rollout, plugins: PluginRegistry): FieldError[] {
  const spec = fieldsOf(rollout.spec);
  const { canary, blueGreen } = fieldsOf(spec["strategy"]);
  const place: FieldPlace = { path: "spec.strategy.strategy", location: ["spec", "strategy"] };
  if (isUnset(canary) && isUnset(blueGreen)) {
    const detail = "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'";
    return [required(place, detail)];
  }
  if (!isUnset(canary) && !isUnset(blueGreen)) {
    const detail = "Multiple Strategies can not be listed";
    return [invalid(place, "blueGreen: true canary: true", { detail })];
  }
  if (isUnset(canary)) return validateBlueGreen(fieldsOf(blueGreen), spec);
  return validateCanary(rollout, plugins);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
