/**
 * What a Rollout can ask for that this version does not do. It is never approximated: such a
 * Rollout is left alone, and such a step is never complete. Each line goes when its feature comes.
 */
import { fieldsOf, listOf } from "../../sdk/wire/json.ts";
import type { CanaryStep, Rollout } from "../../sdk/api/rollout.ts";

type Path = readonly string[];

/** Fields whose presence changes what must happen from the first pass on. */
const UNSERVED_FIELDS: readonly Path[] = [
  ["spec", "strategy", "blueGreen", "prePromotionAnalysis"],
  ["spec", "strategy", "blueGreen", "postPromotionAnalysis"],
  ["spec", "strategy", "canary", "trafficRouting"],
  ["spec", "strategy", "canary", "analysis"],
  ["spec", "strategy", "canary", "pingPong"],
];

const UNSERVED_STEPS = ["experiment", "analysis", "plugin"] as const;

/** Where a Rollout asks for what is not served; empty when everything is. */
export function unservedLocations(rollout: Rollout): (readonly (string | number)[])[] {
  // Of what people write any part may be of a wrong type.
  const { canary } = fieldsOf(fieldsOf(rollout.spec)["strategy"]);
  const { steps } = fieldsOf(canary);
  return [
    ...UNSERVED_FIELDS.filter((path) => isSet(rollout, path)),
    ...listOf(steps).flatMap((step, index) => {
      const kind = unservedStepKind(fieldsOf(step));
      return kind === undefined ? [] : [["spec", "strategy", "canary", "steps", index, kind]];
    }),
  ];
}

function isSet(rollout: Rollout, path: Path): boolean {
  let value: unknown = rollout;
  for (const field of path) {
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<string, unknown>)[field];
  }
  return value !== undefined && value !== null && value !== false;
}

/** The path of the first field that is not served. */
export function unservedField(rollout: Rollout): Path | undefined {
  return UNSERVED_FIELDS.find((path) => isSet(rollout, path));
}

/** The kind of a step that is not served: `experiment`, `analysis` or `plugin`. */
export function unservedStepKind(step: CanaryStep | undefined): string | undefined {
  return UNSERVED_STEPS.find((kind) => step?.[kind] !== undefined && step[kind] !== null);
}

/** What people are told of a field. */
export function unservedFieldMessage(path: Path): string {
  return `${path.join(".")} is not supported by this version`;
}

/** What people are told of the step at `index` (from 0). */
export function unservedStepMessage(
  kind: string,
  { index, count }: { index: number; count: number },
): string {
  return `step ${index + 1}/${count} (${kind}) is not supported by this version`;
}
