/**
 * The configuration of notifications: what a ConfigMap and a Secret say, read once. What is wrong
 * with one key leaves the others working, and is kept as a problem with its place.
 */
import type { Notifier } from "../../sdk/notifier.ts";
import type { Fields } from "../../sdk/wire/json.ts";
import type { Expression } from "../analysis/condition/mod.ts";
import type { Position } from "../api/manifest/mod.ts";
import type { LabelSelector } from "../api/values/label_selector.ts";
import type { Template } from "./template/mod.ts";

/** The texts of the two objects in a namespace. */
export interface RawConfig {
  readonly namespace: string;
  /** True for a namespace that is not the controller's own. */
  readonly isSelfService: boolean;
  readonly data: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Something of a key that cannot be used, and why. */
export interface Broken {
  readonly error: string;
}

/** One entry of a trigger. */
export interface TriggerCondition {
  /** How the state of delivery knows it: `[0].<hash of when>`. */
  readonly key: string;
  /** Undefined for an empty condition: it is met by the event of that name alone. */
  readonly when: Expression | undefined;
  readonly whenText: string;
  readonly oncePer: Expression | undefined;
  readonly send: readonly string[];
}

/** A template: a message, and what single services show. */
export interface MessageTemplate {
  readonly message: Template | undefined;
  /** As it is written; for people who look at the configuration. */
  readonly messageText: string;
  /** By service type. Strings are templates. */
  readonly blocks: Readonly<Record<string, Block>>;
}

/** A value of a template whose texts are read. */
export type Block =
  | { readonly is: "text"; readonly template: Template }
  | { readonly is: "value"; readonly value: unknown }
  | { readonly is: "list"; readonly items: readonly Block[] }
  | { readonly is: "fields"; readonly fields: readonly (readonly [string, Block])[] };

/** A service that can be sent to. */
export interface Service {
  readonly name: string;
  readonly notifier: Notifier;
  readonly config: Fields;
}

/** A service and whom it tells. */
export interface Destination {
  readonly service: string;
  /** May be empty. */
  readonly recipient: string;
}

/** Who is told of all Rollouts with some labels. */
export interface GlobalSubscription {
  readonly destinations: readonly Destination[];
  /** Empty: the default triggers. */
  readonly triggers: readonly string[];
  readonly selector: LabelSelector;
}

/** What is wrong with a configuration. */
export interface Problem {
  /** The key of the ConfigMap. */
  readonly key: string;
  /** What is wrong, without the key. */
  readonly detail: string;
  /** Within the text of the key, from 1. */
  readonly position: Position;
  readonly severity: "error" | "warning";
}

export interface NotificationConfig {
  readonly raw: RawConfig;
  readonly triggers: ReadonlyMap<string, readonly TriggerCondition[] | Broken>;
  readonly templates: ReadonlyMap<string, MessageTemplate | Broken>;
  readonly services: ReadonlyMap<string, Service | Broken>;
  readonly subscriptions: readonly GlobalSubscription[];
  /** For subscriptions that name no trigger. */
  readonly defaultTriggers: readonly string[];
  readonly defaultTriggersOf: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly Problem[];
}

/** True for what cannot be used. */
export function isBroken(value: object): value is Broken {
  return "error" in value;
}
