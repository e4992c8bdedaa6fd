/** The analyses that a Rollout names, and the templates in them. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import type { TemplateUser } from "../../analysis/mod.ts";
import { ROLLOUTS } from "../../api/names/resources.ts";
import {
  analysesOf,
  type RolloutAnalysis,
  templateReferences,
} from "../../api/validation/references.ts";

export function analysesIn(rollout: KubeObject): RolloutAnalysis[] {
  // Of what people write any part may be of a wrong type.
  const { canary, blueGreen } = fieldsOf(fieldsOf(rollout["spec"])["strategy"]);
  return analysesOf(fieldsOf(canary), fieldsOf(blueGreen));
}

export const TEMPLATE_USER: TemplateUser = Object.freeze<TemplateUser>({
  type: ROLLOUTS,
  referencesIn: (rollout) =>
    analysesIn(rollout).flatMap(({ analysis, location }) =>
      templateReferences(analysis["templates"], [...location, "templates"])
    ),
});
