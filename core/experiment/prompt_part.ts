/** What of an Experiment's status is told at once: all but how many pods its templates have. */
import { type Fields, fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { sayingsOf } from "../api/values/conditions.ts";
import { withoutPodCounts } from "../sets/mod.ts";

export function promptPart({ conditions, templateStatuses, ...others }: Fields): Fields {
  const templates = listOf(templateStatuses).map(fieldsOf).map(withoutPodCounts);
  return { ...others, conditions: sayingsOf(conditions), templateStatuses: templates };
}
