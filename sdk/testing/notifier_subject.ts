/** What the conformance suite is told of a notifier, and of the service that it sends to. */
import type { Notifier } from "../notifier.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { Fields } from "../wire/json.ts";

/** What a service answers to a request; status 200 and no headers where nothing else is said. */
export type ServiceAnswer = (request: HttpRequest) => Partial<HttpResponse>;

/** A notifier on trial. Functions here must not use the notifier: they are what it is judged by. */
export interface NotifierSubject {
  readonly notifier: Notifier;
  /** A configuration that sends. Put secrets into it, if it takes any. */
  readonly config: Fields;
  readonly recipient: string;
  /** The part of a template that is meant for it; default: none. */
  readonly content?: Fields;
  /** The text for people; default one of the suite. */
  readonly message?: string;
  /** Answers of a service that takes what it gets; default: status 200 without a body. */
  readonly answer?: ServiceAnswer;
  /** Answers of a service that knows no such recipient. Absent: there is no such answer. */
  readonly refusal?: ServiceAnswer;
  /** Values that must never come out. */
  readonly secrets?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** Texts of files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Laws that do not hold for this notifier, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
}
