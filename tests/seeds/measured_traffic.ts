/** Prometheus as it was when cases 05, 06, 08 and 09 were recorded: a stand-in with the same answers. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import type { EmbeddedCase } from "./embedded_case.ts";
import { plugins } from "../../plugins/mod.ts";

const DELAY_MS = 30_000;

/** A screen of the documents, which are older: they do not say which analysis failed. */
export function inWordsOfToday(screen: readonly string[]): string[] {
  return withCause(screen, "Step-based analysis phase error/failed: ");
}

/** The same of an experiment that failed. */
export function inExperimentWords(screen: readonly string[]): string[] {
  return withCause(screen, "Experiment analysis phase is error/failed: ");
}

function withCause(screen: readonly string[], cause: string): string[] {
  return screen.map((line) =>
    line.replace(/^(Message: .*update to revision \d+: )(?=Metric )/, `$1${cause}`)
  );
}

/** What was written after the moment of the abort and before the canary gives its pods up. */
export function writesInAbortDelay({ writes }: EmbeddedCase): string[] {
  const abort = writes.find(({ after }) => fieldsOf(after?.["status"])["abort"] === true);
  if (abort === undefined) throw new Error("Cannot look behind the abort: there was none");
  const { atMs } = abort;
  return writes.filter((write) => write.atMs > atMs && write.atMs < atMs + DELAY_MS)
    .map(({ type, name }) => `${type.plural} ${name}`);
}

/** Prometheus, which divides by no requests at first; then 97 % of them succeed. */
export function unsureTraffic(silent = 4): PluginRegistry["metricProviders"] {
  let measurements = 0;
  return plugins.metricProviders.map((provider) => {
    if (provider.name !== "prometheus") return provider;
    return {
      ...provider,
      run: () => {
        measurements++;
        const value = measurements <= silent ? NaN : 0.97;
        return Promise.resolve({
          is: "value",
          value: { shape: "scalar", value },
          text: String(value),
        });
      },
    };
  });
}
