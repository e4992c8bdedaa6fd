/** What the conformance suite is told of a metric provider, and of the source that it asks. */
import type { KubeObject } from "../api/object.ts";
import type { MetricProvider, MetricValue } from "../metric_provider.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { Fields } from "../wire/json.ts";

/** What a source answers to a request; status 200 and no headers where nothing else is said. */
export type SourceAnswer = (request: HttpRequest) => Partial<HttpResponse>;

/** A provider on trial. Functions here must not use the provider: they are what it is judged by. */
export interface MetricSubject<Config = Fields> {
  readonly provider: MetricProvider<Config>;
  /** A configuration that measures. Put secrets into it, if it takes any. */
  readonly config: Config;
  /** Answers of a source that has data. Absent: the provider asks nobody over HTTP. */
  readonly answer?: SourceAnswer;
  /** What is measured then. */
  readonly value?: MetricValue;
  /** Answers of a source that works and has no data. Absent: there is no such thing. */
  readonly empty?: SourceAnswer;
  /** Values that must never come out: those in the configuration, in settings, in Secrets. */
  readonly secrets?: readonly string[];
  /** Keys of Secrets, as `secret/key`, whatever their namespace. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, string>>;
  /** Texts of files, by the setting that names the file. */
  readonly files?: Readonly<Record<string, string>>;
  /** How long a request may wait with this configuration; default 10 seconds. */
  readonly timeoutMs?: number;
  /** Of a provider whose measurements go on: its objects once they are through. */
  finish?(object: KubeObject): KubeObject;
  /** Laws that do not hold for this provider, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
}
