import type { MetricCall, MetricPorts } from "../../../sdk/metric_provider.ts";
import type { HttpRequest, HttpResponse } from "../../../sdk/ports.ts";

export const NOW_MS = Date.UTC(2026, 5, 1, 12, 0, 0, 250);

/** A world that answers as a test says, and what was asked of it. */
export interface FakeWorld {
  answer?(request: HttpRequest): Partial<HttpResponse>;
  readonly settings?: Readonly<Record<string, string>>;
  /** By the name of the setting. */
  readonly files?: Readonly<Record<string, string>>;
  evaluateTime?(expression: string): number;
}

export function fakePorts(
  { answer, settings = {}, files = {}, evaluateTime }: FakeWorld = {},
): MetricPorts & { readonly asked: HttpRequest[]; readonly concealed: string[] } {
  const concealed: string[] = [];
  const asked: HttpRequest[] = [];
  const refuse = () => Promise.reject(new Error("there is no cluster"));
  return {
    asked,
    concealed,
    conceal: (text) => void concealed.push(text),
    now: () => NOW_MS,
    log: () => {},
    signal: new AbortController().signal,
    fetch(request) {
      asked.push(request);
      if (answer === undefined) return Promise.reject(new Error("nobody answers"));
      try {
        return Promise.resolve({ status: 200, headers: {}, body: "", ...answer(request) });
      } catch (error) {
        return Promise.reject(error);
      }
    },
    secret: () => Promise.reject(new Error("there is no secret")),
    setting: (name) => settings[name],
    settingFile: (name) => Promise.resolve(files[name]),
    evaluateTime: evaluateTime ?? (() => {
      throw new Error("no time is asked for");
    }),
    cluster: { get: refuse, list: refuse, create: refuse, delete: refuse },
  };
}

export function callOf<Config>(
  config: Config,
  change: Partial<MetricCall> = {},
): MetricCall<Config> {
  return {
    id: "uid-1/rate/1",
    run: { namespace: "shop", name: "run", uid: "uid-1", startedAtMs: NOW_MS },
    metric: "rate",
    number: 1,
    ...change,
    config,
  };
}

/** What a promise comes to, as one value for tables. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return (error as Error).message;
  }
}
