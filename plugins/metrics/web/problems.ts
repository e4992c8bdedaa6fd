/** What is wrong with a configuration by itself. */
import { isUnset } from "../../../sdk/wire/json.ts";
import { oauth2Problem } from "../http_config.ts";
import type { WebConfig } from "./config.ts";

/** In the order in which a measurement tells them. */
export function problemsOf(config: WebConfig): string[] {
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
