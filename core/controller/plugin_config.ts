/**
 * The ConfigMap in which Argo Rollouts is told its plugins, read once at the start. Programs that
 * it names cannot be loaded; what is built in under such a name answers for it, and step plugins
 * that it switches off are left out.
 */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { fieldsOf, isFields, textOf } from "../../sdk/wire/json.ts";
import { errorText } from "../../sdk/wire/error_text.ts";
import { parseText } from "../api/manifest/parse_text.ts";
import { CONFIG_MAPS } from "../api/names/resources.ts";
import { isForbidden, isNotFound } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";

const NAME = "argo-rollouts-config";
const NAME_FORM = /^([a-zA-Z0-9-]+)\/{1}([a-zA-Z0-9_\-.]+)$/;
const KEYS = ["metricProviderPlugins", "trafficRouterPlugins", "stepPlugins"] as const;
const RETRY_MS = 2_000;

type PluginKey = typeof KEYS[number];

/** One entry of the ConfigMap. */
export interface PluginItem {
  readonly key: PluginKey;
  readonly name: string;
  readonly isDisabled: boolean;
}

export interface PluginConfigPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** The namespace that the controller runs in. */
  readonly namespace: string;
}

/**
 * The plugins with what the ConfigMap says of them. It waits for a cluster that does not answer.
 * @throws {Error} when the ConfigMap cannot be understood
 */
export async function configuredPlugins(
  plugins: PluginRegistry,
  ports: PluginConfigPorts,
  stopping: Promise<unknown>,
): Promise<PluginRegistry> {
  const items = pluginItems(await readData(ports, stopping));
  for (const { key, name, isDisabled } of items) {
    const detail = { plugin: name, key };
    if (isDisabled) ports.log.info("a step plugin is switched off: its steps are left out", detail);
    else if (isBuiltIn(plugins, { key, name })) ports.log.info("a plugin is built in", detail);
    else ports.log.warn("a plugin cannot be loaded by this version", detail);
  }
  const disabled = items.filter(({ isDisabled }) => isDisabled).map(({ name }) => name);
  return disabled.length === 0 ? plugins : { ...plugins, disabledStepPlugins: disabled };
}

function isBuiltIn(plugins: PluginRegistry, { key, name }: Omit<PluginItem, "isDisabled">) {
  const known = {
    metricProviderPlugins: plugins.metricProviders,
    trafficRouterPlugins: plugins.trafficRouters,
    stepPlugins: plugins.stepPlugins,
  }[key];
  return known.some((plugin) => plugin.name === name);
}

/** What the ConfigMap holds; without one, and for who is asked to stop meanwhile, nothing. */
async function readData(
  { cluster, clock, log, namespace }: PluginConfigPorts,
  stopping: Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  let isStopping = false;
  const stopped = stopping.then(() => {
    isStopping = true;
  });
  for (let isNews = true;; isNews = false) {
    try {
      return fieldsOf((await cluster.get(CONFIG_MAPS, { namespace, name: NAME }))["data"]);
    } catch (error) {
      if (isNotFound(error) || isStopping) return {};
      if (isForbidden(error)) {
        log.warn("the plugins of a ConfigMap are not known: it may not be read", {
          configMap: `${namespace}/${NAME}`,
          cause: String(error),
        });
        return {};
      }
      if (isNews) {
        log.warn("cannot read the ConfigMap of plugins; trying again until the cluster answers", {
          configMap: `${namespace}/${NAME}`,
          cause: errorText(error),
        });
      }
      const waited = Promise.withResolvers<void>();
      const cancel = clock.after(RETRY_MS, waited.resolve);
      await Promise.race([waited.promise, stopped]);
      cancel();
      if (isStopping) return {};
    }
  }
}

/** The entries of the ConfigMap's data. @throws {Error} */
export function pluginItems(data: Readonly<Record<string, unknown>>): PluginItem[] {
  return KEYS.flatMap((key) => itemsOf(key, textOf(data[key])));
}

function itemsOf(key: PluginKey, text: string): PluginItem[] {
  if (text.trim() === "") return [];
  const { trees: [tree], problems: [problem] } = parseText(text, key);
  if (problem !== undefined) throw refusal(key, `line ${problem.position.line}: ${problem.detail}`);
  const list = tree?.value;
  if (!Array.isArray(list)) throw refusal(key, "it is no list of plugins");
  return list.map((item) => {
    if (!isFields(item)) throw refusal(key, "an entry is no mapping");
    const name = textOf(item["name"]);
    if (!NAME_FORM.test(name)) {
      const form = `plugin repository (${name}) must be in the format of <namespace>/<name>`;
      throw refusal(key, form);
    }
    return { key, name, isDisabled: key === "stepPlugins" && item["disabled"] === true };
  });
}

function refusal(key: string, what: string): Error {
  return new Error(`Cannot read ${key} of the ConfigMap ${NAME}: ${what}`);
}
