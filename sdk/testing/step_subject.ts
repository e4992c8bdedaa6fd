/** What the conformance suite is told of a step plugin, and of the service that it talks to. */
import type { HttpRequest, HttpResponse } from "../ports.ts";
import type { StepPlugin } from "../step_plugin.ts";
import type { Fields } from "../wire/json.ts";

/** A service in memory, as the plugin finds it. */
export interface StepService {
  /** What it answers to a request; status 200 and no headers where nothing else is said. */
  answer(request: HttpRequest): Partial<HttpResponse>;
  /** From now on what the step waits for is the case. */
  finish(): void;
  /** What was begun there and is not undone, by any names: work that is done twice stands twice. */
  begun(): readonly string[];
}

/** A plugin on trial. Functions here must not use the plugin: they are what it is judged by. */
export interface StepSubject<Config = Fields> {
  readonly plugin: StepPlugin<Config>;
  /** A configuration with which it runs to its end. Put secrets into it, if it takes any. */
  readonly config: Config;
  /** A new service, with nothing begun. */
  service(): StepService;
  /** Values that must never come out: those in the configuration, in Secrets. */
  readonly secrets?: readonly string[];
  /** Keys of Secrets, as `secret/key`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Laws that do not hold for this plugin, each with the reason. */
  readonly skips?: Readonly<Record<string, string>>;
}
