/** Reads a configuration of notifications, key by key. */
import type { Notifier } from "../../sdk/notifier.ts";
import { fieldsOf } from "../../sdk/wire/json.ts";
import {
  type Broken,
  type GlobalSubscription,
  isBroken,
  type MessageTemplate,
  type NotificationConfig,
  type Problem,
  type RawConfig,
  type Service,
  type TriggerCondition,
} from "./config.ts";
import { isText, KeyReader } from "./key_reader.ts";
import { NOT_THERE } from "./names.ts";
import { readSubscriptions } from "./read_subscriptions.ts";
import { readTemplate } from "./read_template.ts";
import { readTrigger } from "./read_trigger.ts";
import { withSecrets } from "./secret_references.ts";

export interface ConfigParts {
  readonly notifiers: readonly Notifier[];
}

/** Reads a configuration; never throws. */
export function readConfig(raw: RawConfig, parts: ConfigParts): NotificationConfig {
  return new ConfigReader(raw, parts).config();
}

class ConfigReader {
  readonly #raw: RawConfig;
  readonly #parts: ConfigParts;
  readonly #problems: Problem[] = [];
  readonly #triggers = new Map<string, readonly TriggerCondition[] | Broken>();
  readonly #templates = new Map<string, MessageTemplate | Broken>();
  readonly #services = new Map<string, Service | Broken>();
  readonly #subscriptions: GlobalSubscription[] = [];
  readonly #defaultTriggers: string[] = [];
  readonly #defaultTriggersOf = new Map<string, readonly string[]>();

  constructor(raw: RawConfig, parts: ConfigParts) {
    this.#raw = raw;
    this.#parts = parts;
  }

  config(): NotificationConfig {
    for (const [key, text] of Object.entries(this.#raw.data)) this.#read(key, text);
    return {
      raw: this.#raw,
      triggers: this.#triggers,
      templates: this.#templates,
      services: this.#services,
      subscriptions: this.#subscriptions,
      defaultTriggers: this.#defaultTriggers,
      defaultTriggersOf: this.#defaultTriggersOf,
      problems: this.#problems,
    };
  }

  #read(key: string, text: string): void {
    const reader = new KeyReader(key, text, this.#problems);
    const [kind = ""] = key.split(".");
    const name = key.slice(kind.length + 1);
    if (key === "subscriptions") this.#subscriptions.push(...readSubscriptions(reader));
    else if (key === "defaultTriggers") this.#defaultTriggers.push(...triggerNames(reader));
    else if (kind === "defaultTriggers") this.#defaultTriggersOf.set(name, triggerNames(reader));
    else if (kind === "trigger") this.#triggers.set(name, readTrigger(reader));
    else if (kind === "template") {
      this.#templates.set(name, readTemplate(reader));
    } else if (kind === "service") this.#readService(reader, name);
  }

  #readService(reader: KeyReader, name: string): void {
    const [type = "", own, ...more] = name.split(".");
    if (more.length > 0 || type === "") {
      reader.tell(NOT_THERE.serviceKey(reader.key));
      return;
    }
    const service = own ?? type;
    const notifier = this.#parts.notifiers.find((one) => one.name === type);
    if (notifier === undefined) {
      const error = reader.tell(NOT_THERE.serviceType(type));
      this.#services.set(service, { error });
      return;
    }
    const read = reader.read();
    if (isBroken(read)) {
      this.#services.set(service, read);
      return;
    }
    const { value, unknown } = withSecrets(read.value, this.#raw.secrets);
    for (const secret of unknown) {
      reader.tell(`the Secret has no key "${secret}": "$${secret}" stays as it is`, [], "warning");
    }
    const config = fieldsOf(value);
    for (const problem of notifier.problems?.(config) ?? []) reader.tell(problem);
    this.#services.set(service, { name: service, notifier, config });
  }
}

/** A list of names of triggers. */
function triggerNames(reader: KeyReader): readonly string[] {
  const read = reader.read();
  if (isBroken(read)) return [];
  const names = Array.isArray(read.value) ? read.value : [];
  if (!Array.isArray(read.value) || !names.every(isText)) {
    reader.tell("must be a list of names of triggers");
  }
  return names.filter(isText);
}
