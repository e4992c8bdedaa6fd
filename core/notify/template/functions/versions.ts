/** Functions for semantic versions. */
import { parseVersion } from "../semantic_version.ts";
import { isAllowed } from "../version_constraint.ts";
import { define, type TemplateFunction } from "../template_function.ts";

export const VERSION_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  define("semver", "string", ([text]) => parseVersion(text as string)),
  define(
    "semverCompare",
    "string string",
    ([constraint, text], { budget }) => {
      budget.step(50 + (constraint as string).length);
      return isAllowed(parseVersion(text as string), constraint as string);
    },
  ),
]);
