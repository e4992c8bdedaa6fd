/** Providers that are wrong in one way each, and the law that has to say so. */
import {
  type Config,
  statsProvider,
} from "../../../docs/examples/stats-provider/stats_provider.ts";
import { statsSubject } from "../../../docs/examples/stats-provider/subject.ts";
import { jobSubject } from "../../plugins/metrics/subjects.ts";
import type { JobConfig } from "../../../plugins/metrics/job/config.ts";
import type {
  MetricCall,
  MetricPorts,
  MetricProvider,
  Reading,
} from "../../../sdk/metric_provider.ts";
import type { MetricSubject } from "../../../sdk/testing/metric_provider.ts";

/** A subject that breaks a law, made anew for each trial. */
export interface BrokenProvider {
  readonly wrong: string;
  readonly law: string;
  make(): MetricSubject<Config> | MetricSubject<JobConfig>;
}

type Run = MetricProvider<Config>["run"];

const NOTHING: Reading = { is: "value", value: { shape: "scalar", value: 0 }, text: "0" };

function stats(wrong: string, law: string, change: () => Partial<MetricProvider<Config>>) {
  const make = () => ({ ...statsSubject, provider: { ...statsProvider, ...change() } });
  return { wrong, law, make };
}

function jobs(wrong: string, law: string, change: () => Partial<MetricProvider<JobConfig>>) {
  const make = () => ({ ...jobSubject, provider: { ...jobSubject.provider, ...change() } });
  return { wrong, law, make };
}

/** Changes what is read. */
function reading(change: (reading: Reading) => Reading): { run: Run } {
  return { run: async (call, ports) => change(await statsProvider.run(call, ports)) };
}

/** Changes what the source answers, before the provider sees it. */
function seeing(change: (body: string, status: number) => { body?: string; status?: number }) {
  const run: Run = (call, ports) =>
    statsProvider.run(call, {
      ...ports,
      fetch: async (request) => {
        const answer = await ports.fetch(request);
        return { ...answer, ...change(answer.body, answer.status) };
      },
    });
  return { run };
}

/** What goes wrong is a zero. */
function zeroWhen(isMeant: (message: string) => boolean): { run: Run } {
  return {
    run: async (call, ports) => {
      try {
        return await statsProvider.run(call, ports);
      } catch (error) {
        if (isMeant((error as Error).message)) return NOTHING;
        throw error;
      }
    },
  };
}

function withError(text: (token: string) => string): { run: Run } {
  return {
    run: async (call, ports) => {
      const token = await ports.secret("run", "stats", "token");
      try {
        return await statsProvider.run(call, ports);
      } catch {
        throw new Error(text(token));
      }
    },
  };
}

async function again(call: MetricCall<Config>, ports: MetricPorts): Promise<Reading> {
  try {
    return await statsProvider.run(call, ports);
  } catch {
    return await statsProvider.run(call, ports);
  }
}

export const BROKEN_PROVIDERS: readonly BrokenProvider[] = [
  stats(
    "halves the value",
    "what it measures is what the source has",
    () =>
      reading((read) =>
        read.is === "value"
          ? { ...read, value: { shape: "scalar", value: Number(read.value.value) / 2 } }
          : read
      ),
  ),
  stats("counts its calls", "the same answer twice gives the same reading", () => {
    let calls = 0;
    return reading((read) => read.is === "value" ? { ...read, text: String(++calls) } : read);
  }),
  stats("foretells a list", "a value has the shape that was foretold, and fits it", () => ({
    shapeOf: () => "vector",
  })),
  stats(
    "reads a text as a number",
    "a value has the shape that was foretold, and fits it",
    () =>
      reading((read) =>
        ({ ...read, value: { shape: "scalar", value: "0.5" } }) as unknown as Reading
      ),
  ),
  stats(
    "writes to its call",
    "what goes in stays as it is, and what comes out is plain data",
    () => ({
      run: async (call, ports) => {
        Object.assign(call.config, { application: "other" });
        return await statsProvider.run(call, ports);
      },
    }),
  ),
  stats(
    "hands out a date",
    "what goes in stays as it is, and what comes out is plain data",
    () => reading((read) => ({ ...read, at: new Date(0) })),
  ),
  stats(
    "says 0 without an answer",
    "no answer is an error, and never a value",
    () => zeroWhen((message) => message.includes("refused")),
  ),
  stats("shows where it failed", "no answer is an error, and never a value", () => ({
    run: async (call, ports) => {
      try {
        return await statsProvider.run(call, ports);
      } catch (error) {
        throw new Error((error as Error).stack);
      }
    },
  })),
  stats(
    "does not look at the status",
    "an answer that says failure is an error, and never a value",
    () => seeing((_, status) => status === 404 ? { status: 200 } : {}),
  ),
  stats(
    "says 0 to what is no JSON",
    "an answer that nobody can read is an error, and never a value",
    () => zeroWhen((message) => message.includes("no JSON")),
  ),
  stats(
    "says 0 without data",
    "no data is told as such, and is no zero",
    () => reading((read) => read.is === "empty" ? NOTHING : read),
  ),
  stats(
    "counts a busy source as an error",
    "a source that asks for time is asked again then",
    () =>
      reading((read) => {
        if (read.is === "later") throw new Error(read.message);
        return read;
      }),
  ),
  stats("waits for a minute", "no request waits longer than the configuration says", () => ({
    run: (call, ports) =>
      statsProvider.run(call, {
        ...ports,
        fetch: (request) => ports.fetch({ ...request, timeoutMs: 60_000 }),
      }),
  })),
  stats(
    "asks again whatever happened",
    "given up while it waits, it ends and asks for nothing more",
    () => ({ run: again }),
  ),
  stats("does not end", "given up while it waits, it ends and asks for nothing more", () => ({
    run: async (call, ports) => {
      try {
        return await statsProvider.run(call, ports);
      } catch {
        return await new Promise<Reading>(() => {});
      }
    },
  })),
  stats(
    "tells its token",
    "nothing that it says holds a secret",
    () => withError((token) => `the token ${token} is refused`),
  ),
  stats(
    "tells its token in base64",
    "nothing that it says holds a secret",
    () => withError((token) => `the token ${btoa(token)} is refused`),
  ),
  stats("logs its token", "nothing that it says holds a secret", () => ({
    run: async (call, ports) => {
      ports.log("debug", await ports.secret("run", "stats", "token"));
      return await statsProvider.run(call, ports);
    },
  })),
  jobs("gives each call a name", "begun twice it is one measurement", () => {
    let calls = 0;
    return {
      run: (call, ports) => jobSubject.provider.run({ ...call, number: ++calls }, ports),
    };
  }),
  jobs("leaves its Job behind", "ended early it leaves nothing that goes on", () => ({
    terminate: () => Promise.resolve({ is: "verdict", phase: "Inconclusive" }),
  })),
  jobs("never collects", "what older measurements left behind can be removed", () => ({
    collect: () => Promise.resolve(),
  })),
  jobs("keeps one too many", "what older measurements left behind can be removed", () => ({
    collect: async ({ run, limit }, ports) =>
      await jobSubject.provider.collect?.({ run, limit: limit + 1 }, ports),
  })),
  jobs("hides that it reads pods", "it reads and writes only the kinds that it declares", () => ({
    resources: [],
  })),
  stats("has another table", "its configuration is what its table says", () => ({
    config: (kit) => ({ address: kit.whole() }),
  })),
  stats(
    "throws at what is no text",
    "whatever stands in a configuration, its description does not throw",
    () => ({ problems: ({ address }) => address.startsWith("http") ? [] : ["no URL"] }),
  ),
];
