/**
 * The configurations as they are now, by namespace. They are read by name when somebody needs them
 * and what is known is some seconds old; nothing is watched.
 */
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { NotificationConfig, RawConfig } from "./config.ts";
import { problemLine } from "./key_reader.ts";
import { CONFIG_MAP_NAME } from "./names.ts";
import { type ConfigParts, readConfig } from "./read_config.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

const MAX_AGE_MS = 10_000;
/** Namespaces that are remembered; those unused for longest are forgotten. */
const NAMESPACES_MAX = 1_000;

/** Reads the two objects of a namespace; what is not there is empty. */
export type LoadConfig = (namespace: string) => Promise<Pick<RawConfig, "data" | "secrets">>;

export interface ConfigBoardOptions extends ConfigParts {
  readonly load: LoadConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The controller's own namespace. */
  readonly namespace: string;
  /** Whether namespaces may have configurations of their own. */
  readonly isSelfServiceEnabled: boolean;
  /** What is older is read anew; default 10 seconds. */
  readonly maxAgeMs?: number;
}

interface Known {
  config: NotificationConfig | undefined;
  readAtMs: number;
  reading: Promise<NotificationConfig> | undefined;
}

export class ConfigBoard {
  readonly #options: ConfigBoardOptions;
  readonly #known = new Map<string, Known>();

  constructor(options: ConfigBoardOptions) {
    this.#options = options;
  }

  /** The configurations for Rollouts of a namespace: its own, where it may have one, and ours. */
  async configsFor(namespace: string): Promise<readonly NotificationConfig[]> {
    return await Promise.all(this.#namespacesFor(namespace).map((each) => this.#get(each)));
  }

  /** As they were known last; undefined: they are not, or are too old. */
  knownFor(namespace: string): readonly NotificationConfig[] | undefined {
    const nowMs = this.#options.clock.monotonic();
    const configs: NotificationConfig[] = [];
    for (const each of this.#namespacesFor(namespace)) {
      const known = this.#known.get(each);
      if (known?.config === undefined || nowMs - known.readAtMs >= this.#maxAgeMs) return undefined;
      configs.push(known.config);
    }
    return configs;
  }

  /** What is known from elsewhere. */
  put(config: NotificationConfig): void {
    const readAtMs = this.#options.clock.monotonic();
    this.#known.set(config.raw.namespace, { config, readAtMs, reading: undefined });
  }

  /** The configuration of this very namespace. */
  async configIn(namespace: string): Promise<NotificationConfig> {
    return await this.#get(namespace);
  }

  /** The secrets of a namespace, as far as they are known. */
  secretsIn(namespace: string): RawConfig["secrets"] {
    return this.#known.get(namespace)?.config?.raw.secrets ?? {};
  }

  get #maxAgeMs(): number {
    return this.#options.maxAgeMs ?? MAX_AGE_MS;
  }

  #namespacesFor(namespace: string): readonly string[] {
    const { namespace: own, isSelfServiceEnabled } = this.#options;
    return isSelfServiceEnabled && namespace !== own ? [namespace, own] : [own];
  }

  async #get(namespace: string): Promise<NotificationConfig> {
    const known = this.#knownOf(namespace);
    const ageMs = this.#options.clock.monotonic() - known.readAtMs;
    if (known.config !== undefined && ageMs < this.#maxAgeMs) return known.config;
    known.reading ??= this.#read(namespace, known).finally(() => {
      known.reading = undefined;
    });
    return await known.reading;
  }

  #knownOf(namespace: string): Known {
    const known = this.#known.get(namespace) ??
      { config: undefined, readAtMs: -Infinity, reading: undefined };
    this.#known.delete(namespace);
    this.#known.set(namespace, known);
    const [oldest] = this.#known.size > NAMESPACES_MAX ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
    return known;
  }

  async #read(namespace: string, known: Known): Promise<NotificationConfig> {
    const { load, clock, log } = this.#options;
    try {
      const { data, secrets } = await load(namespace);
      known.readAtMs = clock.monotonic();
      const raw: RawConfig = {
        namespace,
        isSelfService: namespace !== this.#options.namespace,
        data,
        secrets,
      };
      if (known.config !== undefined && isSame(known.config.raw, raw)) return known.config;
      known.config = readConfig(raw, this.#options);
      this.#tell(known.config);
      return known.config;
    } catch (error) {
      if (known.config === undefined) throw error;
      // What was known holds until something else is.
      const cause = errorText(error);
      log.warn("cannot read the configuration of notifications, going on with what is known", {
        namespace,
        cause,
      });
      known.readAtMs = clock.monotonic();
      return known.config;
    }
  }

  #tell({ raw: { namespace }, problems }: NotificationConfig): void {
    for (const problem of problems) {
      const level = problem.severity === "error" ? "error" : "warn";
      this.#options.log[level](problemLine(problem), { namespace, configMap: CONFIG_MAP_NAME });
    }
  }
}

function isSame(one: RawConfig, other: RawConfig): boolean {
  return JSON.stringify([one.data, one.secrets]) === JSON.stringify([other.data, other.secrets]);
}
