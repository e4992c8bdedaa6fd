/** What is wrong with a configuration by itself. */
import { goDurationProblem } from "../../../sdk/wire/go_duration.ts";
import { textOf } from "../../../sdk/wire/json.ts";
import { basicAuthProblem, oauth2Problem } from "../http_config.ts";
import type { PrometheusConfig } from "./config.ts";

export function problemsOf(
  { timeout = 0, rangeQuery, authentication }: PrometheusConfig,
): string[] {
  const { basicAuth, oauth2 } = authentication ?? {};
  const step = rangeQuery ? goDurationProblem(textOf(rangeQuery.step)) : undefined;
  return [
    timeout < 0 ? "prometheus timeout should not be negative" : undefined,
    step === undefined ? undefined : `failed to parse rangeQuery.step as duration: ${step}`,
    basicAuthProblem(basicAuth),
    oauth2Problem(oauth2),
  ].filter((problem) => problem !== undefined);
}
