/**
 * Answers questions for measurements: puts the values of arguments and secrets into a metric, has
 * its provider read, judges what was read, and strikes secrets out of all that goes back. It holds
 * nothing but conditions in their parsed form.
 */
import type { Measurement } from "../../sdk/api/analysis.ts";
import type { MetricCall, MetricPorts, Reading } from "../../sdk/metric_provider.ts";
import { type Fields, fieldsOf, textOf } from "../../sdk/wire/json.ts";
import { resolveMetricArguments } from "../api/validation/metric_arguments.ts";
import { timeMs, timestamp, timestampRoundedUp } from "../api/values/time.ts";
import type { Answerer } from "../engine/mod.ts";
import { Judge } from "./judgement.ts";
import { type MeasureQuestion, providerOf, type Providers } from "./measure_question.ts";
import type { Measured } from "./record.ts";
import { Redaction } from "./redaction.ts";
import { isSecret } from "./run_facts.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** What one measurement is for, and what ends it. */
export interface MeasureScope {
  /** The run's. */
  readonly namespace: string;
  readonly signal: AbortSignal;
}

export interface MeasureOptions {
  readonly providers: Providers;
  /** What a provider may use while it answers one question. */
  readonly ports: (scope: MeasureScope) => Omit<MetricPorts, "conceal">;
  /** So long a source may ask for time before one measurement; default ten minutes. */
  readonly longestBusyMs?: number;
}

const PUT_OFF_MS = 10_000;
const SHORTEST_MS = 1_000;
const LONGEST_BUSY_MS = 10 * 60_000;
const NO_DATA = "no data returned from the metric provider";

/** Answers questions of the kind "measure". */
export function measureAnswerer(
  { providers, ports: portsOf, longestBusyMs = LONGEST_BUSY_MS }: MeasureOptions,
): Answerer {
  const judge = new Judge();
  return {
    // Each waits for a source of its own; providers bound what they ask of one host.
    limit: Infinity,
    async answer(question, signal) {
      const asked = question as MeasureQuestion;
      const ports = portsOf({ namespace: asked.run.namespace, signal });
      return await new Call(asked, { providers, ports, judge, longestBusyMs }).answer();
    },
  };
}

interface CallPorts {
  readonly providers: Providers;
  readonly ports: Omit<MetricPorts, "conceal">;
  readonly judge: Judge;
  readonly longestBusyMs: number;
}

/** One question. */
class Call {
  readonly #question: MeasureQuestion;
  readonly #options: CallPorts;
  readonly #redaction = new Redaction();
  readonly #ports: MetricPorts;
  readonly #startedMs: number;

  constructor(question: MeasureQuestion, options: CallPorts) {
    const { ports } = options;
    this.#question = question;
    this.#options = options;
    this.#startedMs = startOf(question.measurement) ?? ports.now();
    this.#ports = {
      ...ports,
      secret: async (place, name, key) => {
        const value = await ports.secret(place, name, key);
        this.#redaction.add(value);
        return value;
      },
      conceal: (text) => this.#redaction.add(text),
      log: (level, message) => ports.log(level, this.#redaction.text(message)),
    };
  }

  async answer(): Promise<Measured> {
    let metadata: Readonly<Record<string, string>> | undefined;
    try {
      const { metric, provider, call } = await this.#prepare();
      if (this.#question.call === "collect") {
        const { run, limit = 0 } = this.#question;
        await provider.collect?.({ run, limit }, this.#ports);
        return { measurement: { phase: "Successful" } };
      }
      metadata = provider.metadata?.(call);
      const reading = await this.#read(provider, call);
      const measurement = reading === undefined
        ? this.#question.measurement ?? { phase: "Running" }
        : this.#measurementOf(metric, reading);
      return this.#struckOut({ measurement, ...(metadata === undefined ? {} : { metadata }) });
    } catch (error) {
      // Nobody hears it any more, or the deadline speaks for itself.
      if (this.#ports.signal.aborted) throw error;
      const measurement = this.#ended("Error", { message: errorText(error) });
      return this.#struckOut({ measurement, ...(metadata === undefined ? {} : { metadata }) });
    }
  }

  /** The metric with all values in it, and who measures it. */
  async #prepare() {
    const { metric: written, metricName, args, id, run, number, intervalMs } = this.#question;
    const metric = await this.#resolved(written, args.map(fieldsOf));
    const found = providerOf(metric, this.#options.providers);
    if (found === undefined) throw new Error(noProviderText(metric, metricName));
    const call: MetricCall = {
      id,
      run,
      metric: metricName,
      number,
      ...(intervalMs === undefined ? {} : { intervalMs }),
      config: found.config,
    };
    return { metric, provider: found.provider, call };
  }

  async #resolved(metric: Fields, args: readonly Fields[]): Promise<Fields> {
    const values = await Promise.all(args.map(async (argument) => {
      if (!isSecret(argument)) return argument;
      const { name, key } = fieldsOf(fieldsOf(argument["valueFrom"])["secretKeyRef"]);
      const value = await this.#ports.secret("run", textOf(name), textOf(key));
      return { ...argument, value };
    }));
    const resolved = resolveMetricArguments(metric, values);
    if (resolved.error !== undefined) throw new Error(resolved.error);
    return resolved.value;
  }

  /** Undefined: the provider has nothing to do, and what goes on goes on. */
  async #read(provider: Providers[number], call: MetricCall): Promise<Reading | undefined> {
    const { call: what, measurement } = this.#question;
    if (what === "run") return await this.#begin(provider, call);
    const running = {
      ...call,
      startedAtMs: this.#startedMs,
      metadata: measurement?.metadata ?? {},
    };
    return what === "resume"
      ? await provider.resume?.(running, this.#ports)
      : await provider.terminate?.(running, this.#ports);
  }

  /** What begins when nobody waits for it any more is ended: nothing would ever look at it. */
  async #begin(provider: Providers[number], call: MetricCall): Promise<Reading> {
    const reading = await provider.run(call, this.#ports);
    if (reading.is !== "running" || !this.#ports.signal.aborted) return reading;
    const { metadata = {} } = reading;
    const { namespace } = this.#question.run;
    await provider.terminate?.({ ...call, startedAtMs: this.#startedMs, metadata }, {
      ...this.#ports,
      signal: new AbortController().signal,
    });
    throw new Error(`the measurement of ${namespace}/${call.metric} was given up`);
  }

  #measurementOf(metric: Fields, reading: Reading): Measurement {
    switch (reading.is) {
      case "value": {
        const { value, text, metadata } = reading;
        return this.#judged(metric, { value, text, metadata });
      }
      case "empty":
        return this.#withoutData(metric, reading);
      case "verdict": {
        const { phase, message, text, metadata } = reading;
        return this.#ended(phase, { message, value: text, metadata });
      }
      case "running": {
        const { resumeAtMs, metadata } = reading;
        return this.#open("Running", { resumeAt: timestamp(resumeAtMs), metadata });
      }
      case "later":
        return this.#busy(reading);
    }
  }

  #judged(
    metric: Fields,
    { value, text, metadata }: Pick<Extract<Reading, { is: "value" }>, "value" | "text"> & {
      metadata: Readonly<Record<string, string>> | undefined;
    },
  ): Measurement {
    try {
      const phase = this.#options.judge.judge(metric, value, () => this.#ports.now());
      return this.#ended(phase, { value: text, metadata });
    } catch (error) {
      // An error tells parts of an expression, and with them parts of a secret.
      const message = this.#holdsSecret(metric)
        ? "could not evaluate a condition that holds a secret: what is wrong is not shown"
        : errorText(error);
      return this.#ended("Error", { message, value: text, metadata });
    }
  }

  #holdsSecret({ successCondition, failureCondition }: Fields): boolean {
    const conditions = textOf(successCondition) + textOf(failureCondition);
    return this.#redaction.text(conditions) !== conditions;
  }

  #withoutData(metric: Fields, reading: Extract<Reading, { is: "empty" }>): Measurement {
    const { value, text, metadata } = reading;
    const { onNoData, intervalMs = PUT_OFF_MS } = this.#question;
    if (onNoData === undefined) return this.#judged(metric, { value, text, metadata });
    if (onNoData === "wait") return this.#putOff(this.#ports.now() + intervalMs, NO_DATA);
    const phase = onNoData === "fail" ? "Failed" : "Inconclusive";
    return this.#ended(phase, { message: NO_DATA, value: text, metadata });
  }

  /** A source may ask for time, but not without end: then a run would never be over. */
  #busy({ retryAtMs, message }: Extract<Reading, { is: "later" }>): Measurement {
    const { longestBusyMs } = this.#options;
    const isTooLong = retryAtMs > this.#startedMs + longestBusyMs;
    if (this.#question.call !== "run" || !isTooLong) return this.#putOff(retryAtMs, message);
    const minutes = longestBusyMs / 60_000;
    return this.#ended("Error", { message: `${message}, over ${minutes} minutes in all` });
  }

  #putOff(atMs: number, message: string): Measurement {
    const resumeAtMs = Math.max(atMs, this.#ports.now() + SHORTEST_MS);
    const resumeAt = timestampRoundedUp(resumeAtMs);
    const { call } = this.#question;
    // What has begun is not begun again.
    return call === "run"
      ? this.#open("Pending", { message, resumeAt })
      : this.#open("Running", { message, resumeAt });
  }

  #ended(phase: Measurement["phase"], more: MeasurementParts): Measurement {
    return this.#open(phase, { ...more, finishedAt: timestamp(this.#ports.now()) });
  }

  #open(phase: Measurement["phase"], more: MeasurementParts): Measurement {
    // What was said of a measurement as it began stays true.
    const metadata = { ...this.#question.measurement?.metadata, ...more.metadata };
    const entries = Object.entries({ ...more, metadata }).filter(([, part]) => !isEmpty(part));
    return { phase, startedAt: timestamp(this.#startedMs), ...Object.fromEntries(entries) };
  }

  #struckOut({ measurement, metadata }: Measured): Measured {
    const { message, value, metadata: own } = measurement;
    const redaction = this.#redaction;
    return {
      measurement: {
        ...measurement,
        ...(message === undefined ? {} : { message: redaction.text(message) }),
        ...(value === undefined ? {} : { value: redaction.text(value) }),
        ...(own === undefined ? {} : { metadata: redaction.map(own) }),
      },
      ...(metadata === undefined ? {} : { metadata: redaction.map(metadata) }),
    };
  }
}

/** When a measurement began, or its source first asked for time; undefined: now. */
function startOf(measurement: Measurement | undefined): number | undefined {
  const isWithoutData = measurement?.phase === "Pending" && measurement.message === NO_DATA;
  return isWithoutData ? undefined : timeMs(measurement?.startedAt);
}

/** Parts of a measurement; undefined and empty ones are left out. */
type MeasurementParts = {
  readonly [Part in keyof Measurement]?:
    | Measurement[Part]
    | Readonly<Measurement[Part]>
    | undefined;
};

function isEmpty(part: unknown): boolean {
  return part === undefined || part === "" ||
    (typeof part === "object" && Object.keys(fieldsOf(part)).length === 0);
}

function noProviderText(metric: Fields, name: string): string {
  const { plugin, ...others } = fieldsOf(metric["provider"]);
  const [named] = [...Object.keys(others), ...Object.keys(fieldsOf(plugin))];
  return named === undefined
    ? `no valid provider in metric '${name}'`
    : `no metric provider "${named}" is registered`;
}
