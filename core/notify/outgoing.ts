/** A message on its way. */
import type { AboutObject } from "../../sdk/notifier.ts";
import type { KubeObject } from "../../sdk/api/object.ts";
import type { Service } from "./config.ts";
import type { Composed } from "./compose.ts";

/** One message to one recipient. */
export interface Outgoing extends Composed {
  /** The same at every try of this message, and of no other. */
  readonly id: string;
  /** The namespace of the configuration that sends it. */
  readonly namespace: string;
  readonly service: Service;
  readonly recipient: string;
  readonly about: AboutObject;
  /** The object that the message is about, as it was then. */
  readonly object: KubeObject;
  /** Why it is sent: the reason of an event, or a condition. */
  readonly cause: { readonly type: string; readonly reason: string };
}

/** What became of it in the end. */
export type Outcome =
  | { readonly is: "sent" }
  | { readonly is: "refused"; readonly message: string }
  | { readonly is: "given up"; readonly message: string };

/** Takes messages, and sees to it that they arrive. */
export interface Mailer {
  /** Never throws, and waits for nobody; `onEnd` is called once. */
  post(outgoing: Outgoing, onEnd: (outcome: Outcome) => void): void;
}
