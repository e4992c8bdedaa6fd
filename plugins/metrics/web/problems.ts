/** What is wrong with a configuration by itself. */
import { isUnset, textOf } from "../../../sdk/wire/json.ts";
import { oauth2Problem } from "../http_config.ts";
import type { WebConfig } from "./config.ts";
import { parseTemplate } from "./json_path_syntax.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

/** All that can be known before anybody is asked. */
export function problemsOf(config: WebConfig): string[] {
  const path = pathProblem(textOf(config.jsonPath));
  return [...requestProblems(config), ...path === undefined ? [] : [path]];
}

/** Why nobody can be asked, in the order in which a measurement tells it. */
export function requestProblems(config: WebConfig): string[] {
  const hasBody = (config.body ?? "") !== "";
  const hasJsonBody = !isUnset(config.jsonBody);
  const takesBody = config.method === "POST" || config.method === "PUT";
  return [
    oauth2Problem(config.authentication?.oauth2),
    hasBody && hasJsonBody
      ? "use either Body or JSONBody; both cannot exists for WebMetric payload"
      : undefined,
    (hasBody || hasJsonBody) && !takesBody
      ? "Body/JSONBody can only be used with POST or PUT WebMetric Method types"
      : undefined,
  ].filter((problem) => problem !== undefined);
}

function pathProblem(path: string): string | undefined {
  try {
    const isText = path !== "" && parseTemplate(path).every((block) => block.is === "text");
    return isText
      ? `jsonPath "${path}" has no braces: the value is this text, whatever the service says`
      : undefined;
  } catch (error) {
    const detail = errorText(error);
    return `jsonPath "${path}" is no JSONPath: ${detail}`;
  }
}
