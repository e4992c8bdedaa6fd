import { validateAntiAffinity } from "./validate_anti_affinity.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { child, type FieldPlace } from "../../../sdk/wire/field_place.ts";
import { textOf } from "../../../sdk/wire/json.ts";

const DEFAULT_REVISION_HISTORY_LIMIT = 10;
/** Quirk(strategy-path): messages leave `blueGreen` out of the path of a blue-green's fields. */
const BLUE_GREEN: FieldPlace = Object.freeze({
  path: "spec.strategy",
  location: ["spec", "strategy", "blueGreen"],
});

/** Everything wrong with the fields of a blue-green strategy. */
export function validateBlueGreen(
  blueGreen: Record<string, unknown>,
  spec: Record<string, unknown>,
): FieldError[] {
  const errors: FieldError[] = [];
  const activeService = textOf(blueGreen["activeService"]);
  if (activeService === textOf(blueGreen["previewService"])) {
    const detail = "This rollout uses the same service for the active and preview services, " +
      "but two different services are required.";
    errors.push(invalid(child(BLUE_GREEN, "activeService"), activeService, { detail }));
  }
  const revisionLimit = blueGreen["scaleDownDelayRevisionLimit"];
  const historyLimit = spec["revisionHistoryLimit"] ?? DEFAULT_REVISION_HISTORY_LIMIT;
  if (
    typeof revisionLimit === "number" && typeof historyLimit === "number" &&
    historyLimit < revisionLimit
  ) {
    const detail = "This rollout's revision history limit can not be smaller than " +
      "the rollout's scale down limit";
    const place = child(BLUE_GREEN, "scaleDownDelayRevisionLimit");
    errors.push(invalid(place, revisionLimit, { detail }));
  }
  return [...errors, ...validateAntiAffinity(blueGreen["antiAffinity"], BLUE_GREEN)];
}
