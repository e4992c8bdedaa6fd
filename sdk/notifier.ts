/**
 * The contract of a notifier: the code that brings a message to people or to a machine, such as a
 * chat, a mail server, an incident service.
 *
 * A notifier sends, and the core decides what, when and to whom: templates are rendered, secrets
 * are filled in, and messages to one recipient come one after the other. What cannot be delivered
 * now is tried again by the core, so a notifier does not try again by itself. It may be asked for
 * one message more than once; the message has the same id then. Everything that goes in or out is
 * plain JSON, so that a notifier may run in another process.
 *
 * `sdk/testing/notifier.ts` has the laws that a notifier must obey, and runs them on yours.
 *
 * @module
 */
import type { PluginPorts } from "./ports.ts";
import type { Fields } from "./wire/json.ts";

/** A notifier. */
export interface Notifier {
  /** The type of its services in a ConfigMap: `service.<name>` and `service.<name>.<own name>`. */
  readonly name: string;
  /** What is wrong with the configuration of a service by itself, as sentences; pure. */
  problems?(config: Fields): readonly string[];
  /** After so long a call counts as failed; pure. Default 30 seconds. */
  deadlineMs?(config: Fields): number;
  /**
   * Sends one message. Rejects with an `Error` when that failed and may succeed later: the core
   * tries again, ever more slowly.
   */
  send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery>;
}

/** One message to one recipient. */
export interface NotifyCall {
  /** The same at every try of this message, and of no other. */
  readonly id: string;
  /** The service as users call it, for example `slack` or `slack-of-ops`. */
  readonly service: string;
  /** Whom the message goes to, as a user wrote it: a channel, an address; may be empty. */
  readonly recipient: string;
  /** The service's configuration, with the values of secrets. */
  readonly config: Fields;
  /** The text for people. */
  readonly message: string;
  /** The part of the template that is meant for this notifier, rendered; empty: there is none. */
  readonly content: Fields;
  /** What the message is about. */
  readonly about: AboutObject;
}

/** An object of the cluster. */
export interface AboutObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The trigger that caused the message; absent: a user asked for it. */
  readonly trigger?: string;
  /** The first template that the message is made of. */
  readonly template?: string;
}

/** What became of a call. */
export type Delivery =
  | { readonly is: "sent" }
  /** It will never be taken: a recipient that does not exist, content that is not valid. */
  | {
    readonly is: "refused";
    /** Why, in one sentence. */
    readonly message: string;
  }
  /** The service asks for time (`Retry-After`): nothing is sent to it until then. */
  | {
    readonly is: "later";
    /** Milliseconds since 1970. */
    readonly retryAtMs: number;
    readonly message: string;
  };

/** What a notifier may use of the world outside. */
export interface NotifierPorts extends PluginPorts {
  /** Aborted when nobody waits for the answer any more; `fetch` ends by itself then. */
  readonly signal: AbortSignal;
  /**
   * From now on this text is struck out of all that is recorded or logged: what a secret was made
   * into, such as a token. Values of the Secret are anyway.
   */
  conceal(text: string): void;
  /** Settings of the controller, by the name of an environment variable. */
  setting(name: string): string | undefined;
  /** The text of the file that such a setting names; undefined: there is no such setting. */
  settingFile(name: string): Promise<string | undefined>;
  /** The text of a file that the configuration names. Rejects when it cannot be read. */
  file(path: string): Promise<string>;
  /** What this service has to remember between messages, such as the first one of a thread. */
  readonly memory: NotifierMemory;
}

/** Short texts by name. Those unused for longest are forgotten, and all of them at a restart. */
export interface NotifierMemory {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}
