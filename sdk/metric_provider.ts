/**
 * The contract of a metric provider: the code that asks a monitoring system, a service or a Job
 * what a release does to its users.
 *
 * A provider reads, and the core judges: a provider hands back what it found, and conditions,
 * limits and schedules are none of its business. What it cannot find out is an error (it throws),
 * never a zero; that there is nothing to be found is `empty`. Everything that goes in or out is
 * plain JSON, so that a provider may run in another process.
 *
 * `sdk/testing/metric_provider.ts` has the laws that a provider must obey, and runs them on yours.
 * `docs/plugins.md` walks through a small one.
 *
 * @module
 */
import type { KubeObject } from "./api/object.ts";
import type { ConfigTable } from "./fields/kit.ts";
import type { PluginPorts } from "./ports.ts";
import type { Fields } from "./wire/json.ts";
import type { ResourceType } from "./wire/resource_type.ts";
import type { ObjectRef } from "./wire/write.ts";

/**
 * What a provider measured, as conditions see it: `scalar` is one float64, `vector` a list of them
 * (NaN and infinities included), `json` any JSON value.
 */
export type MetricValue =
  | { readonly shape: "scalar"; readonly value: number }
  | { readonly shape: "vector"; readonly value: readonly number[] }
  | { readonly shape: "json"; readonly value: unknown };

/** What is known of a value before it is there; `unknown`: nothing. */
export type ValueShape = MetricValue["shape"] | "unknown";

/** A metric provider. A method that throws makes the measurement an error with that message. */
export interface MetricProvider<Config = Fields> {
  /**
   * `vendor/name`: its key in `provider.plugin` of a metric. A name without a slash is a field of
   * `provider` itself; these are given, and belong to providers that are built in.
   */
  readonly name: string;
  /** The fields of its configuration. Types, `lint` and documentation come from it. */
  readonly config?: ConfigTable;
  /**
   * The shape that its values have with this configuration, or those that they can have; for
   * `lint`. Default unknown.
   */
  shapeOf?(config: Config): ValueShape | readonly ValueShape[];
  /** What is wrong with the configuration by itself, as sentences; pure. Default nothing. */
  problems?(config: Config): readonly string[];
  /**
   * Expressions of the configuration that `ports.evaluateTime` is to be asked for, by their fields;
   * for `lint`. Default none.
   */
  times?(config: Config): Readonly<Record<string, string>>;
  /**
   * After so long a call counts as failed; pure, and arguments have no values yet. Needed where the
   * configuration has a timeout of its own. Default 60 seconds.
   */
  deadlineMs?(config: Config): number;
  /** Kinds of objects that it reads or writes through `ports.cluster`: permissions follow. */
  readonly resources?: readonly ResourceType[];
  /**
   * Objects that tell when a running measurement is over. It is looked at then, and does not wait
   * for its time.
   */
  readonly watches?: WatchedObjects;
  /**
   * Said once for a metric, in its status: the query as it is sent, for example. Pure. Values of
   * secrets are struck out by the core.
   */
  metadata?(call: MetricCall<Config>): Readonly<Record<string, string>>;
  /** Begins a measurement. The same call may come more than once; its id is the same then. */
  run(call: MetricCall<Config>, ports: MetricPorts): Promise<Reading>;
  /** Looks how a measurement is going that said `running`. Needed by providers that say so. */
  resume?(call: RunningCall<Config>, ports: MetricPorts): Promise<Reading>;
  /** Ends a running measurement early. Default: nothing. */
  terminate?(call: RunningCall<Config>, ports: MetricPorts): Promise<Reading>;
  /** Removes what older measurements of a run left behind. Default: nothing. */
  collect?(call: CollectCall, ports: MetricPorts): Promise<void>;
}

/** Objects of the cluster whose changes a provider has to hear of. */
export interface WatchedObjects {
  readonly type: ResourceType;
  /** Which of them. */
  readonly labelSelector: string;
  /** The measurement that is over, as an object says it; undefined: none is. Pure. */
  over(object: KubeObject): OverMeasurement | undefined;
}

/** A measurement, as an object of the cluster knows it. */
export interface OverMeasurement {
  readonly namespace: string;
  readonly run: string;
  readonly metric: string;
  /** What its last reading said, as far as it tells this measurement from others. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** One measurement of one metric. */
export interface MetricCall<Config = Fields> {
  /** The same for every repetition of this measurement, and of no other. */
  readonly id: string;
  readonly run: MeasuringRun;
  /** The metric's name. */
  readonly metric: string;
  /** The number of the measurement, from 1; measurements that were errors count. */
  readonly number: number;
  /** `interval` of the metric in milliseconds; absent: it has none. */
  readonly intervalMs?: number;
  /** With the values of all arguments, secrets too. */
  readonly config: Config;
}

/** A call for a measurement that is going on. */
export interface RunningCall<Config = Fields> extends MetricCall<Config> {
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** What the last reading said. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Which measurements a run keeps. */
export interface CollectCall {
  readonly run: MeasuringRun;
  /** The newest so many measurements stay. */
  readonly limit: number;
}

/** The AnalysisRun that measures. */
export interface MeasuringRun {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Milliseconds since 1970; absent: it begins just now. */
  readonly startedAtMs?: number;
}

/** What a measurement found. */
export type Reading =
  /** A value, to be judged by the metric's conditions. */
  | {
    readonly is: "value";
    readonly value: MetricValue;
    /** The value as people read it: `0.95`, `[1,2]`. */
    readonly text: string;
    readonly metadata?: Readonly<Record<string, string>>;
  }
  /** The source answered, and has no data. `value` is what conditions see. */
  | {
    readonly is: "empty";
    readonly value: MetricValue;
    readonly text: string;
    readonly metadata?: Readonly<Record<string, string>>;
  }
  /** The source judges by itself, as a Job does: conditions are not looked at. */
  | {
    readonly is: "verdict";
    readonly phase: "Successful" | "Failed" | "Inconclusive";
    readonly message?: string;
    readonly text?: string;
    readonly metadata?: Readonly<Record<string, string>>;
  }
  /** It goes on; look again then. `metadata` is handed to the next call. */
  | {
    readonly is: "running";
    /** Milliseconds since 1970. */
    readonly resumeAtMs: number;
    readonly metadata?: Readonly<Record<string, string>>;
  }
  /**
   * The source asks for time (`Retry-After`): measured again then, and no error, unless that comes
   * to more than ten minutes before one measurement.
   */
  | {
    readonly is: "later";
    /** Milliseconds since 1970. */
    readonly retryAtMs: number;
    /** Why, for people. */
    readonly message: string;
  };

/** What a metric provider may use of the world outside. */
export interface MetricPorts extends PluginPorts {
  /**
   * Aborted when nobody waits for the answer any more: the deadline passed, or the run ended.
   * `fetch` ends by itself then.
   */
  readonly signal: AbortSignal;
  /**
   * A key of a Secret in the run's namespace, or in that of the controller.
   * Rejects with `key 'k' does not exist in secret 's'`, or that there is no such Secret.
   */
  secret(place: "run" | "controller", name: string, key: string): Promise<string>;
  /**
   * From now on this text is struck out of all that is recorded or logged of the measurement: what
   * a secret was made into, such as a token or a header. Values that `secret` hands out are anyway.
   */
  conceal(text: string): void;
  /** Settings of the controller: addresses and the like, by the name of an environment variable. */
  setting(name: string): string | undefined;
  /** The text of the file that such a setting names; undefined: there is no such setting. */
  settingFile(name: string): Promise<string | undefined>;
  /**
   * Milliseconds since 1970 of an expression for a time, such as `now() - duration("1h")`; throws
   * what is wrong with it.
   */
  evaluateTime(expression: string): number;
  /** Objects of `resources`. */
  readonly cluster: MetricCluster;
}

/** The cluster, as far as a provider that runs Jobs needs it. Rejects when the cluster refuses. */
export interface MetricCluster {
  /** Undefined: there is none. */
  get(type: ResourceType, ref: ObjectRef): Promise<KubeObject | undefined>;
  list(
    type: ResourceType,
    selection: { readonly namespace: string; readonly labelSelector?: string },
  ): Promise<readonly KubeObject[]>;
  /** The object, or the one that has its name already. */
  create(type: ResourceType, object: KubeObject): Promise<KubeObject>;
  /** One that is gone already is fine. */
  delete(type: ResourceType, ref: ObjectRef): Promise<void>;
}
