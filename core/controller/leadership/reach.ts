/** Which objects a controller looks after, and whether two look after the same. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";

export interface Reach {
  /** Absent: all namespaces. */
  readonly namespaces?: readonly string[];
  /** Objects with that label only; empty: those without it. */
  readonly instanceId: string;
}

export function overlap(one: Reach, other: Reach): boolean {
  if (one.instanceId !== other.instanceId) return false;
  const { namespaces } = other;
  if (one.namespaces === undefined || namespaces === undefined) return true;
  return one.namespaces.some((namespace) => namespaces.includes(namespace));
}

const CONTAINER = "argo-rollouts";
const TRUE = ["1", "t", "T", "true", "TRUE", "True"];

/** What the controller of a Deployment looks after, by its arguments. */
export function reachOf(deployment: KubeObject): Reach {
  const { containers } = fieldsOf(fieldsOf(fieldsOf(deployment["spec"])["template"])["spec"]);
  const all = listOf(containers).map(fieldsOf);
  const container = all.find(({ name }) => name === CONTAINER) ?? all[0] ?? {};
  const words = [...listOf(container["command"]), ...listOf(container["args"])].map(String);
  const { namespace = "" } = deployment.metadata;
  const isNamespaced = TRUE.includes(switchOf(words, "--namespaced") ?? "false");
  const named = valuesOf(words, ["--namespace", "-n"]);
  const [instanceId = ""] = valuesOf(words, ["--instance-id"]);
  return {
    instanceId,
    // Without `--namespaced`, Argo Rollouts looks after all namespaces whatever `--namespace` says.
    ...(isNamespaced ? { namespaces: named.length > 0 ? named : [namespace] } : {}),
  };
}

/** The last one counts; `--namespaced` alone means true. */
function switchOf(words: readonly string[], flag: string): string | undefined {
  const word = words.findLast((word) => word === flag || word.startsWith(`${flag}=`));
  return word === flag ? "true" : word?.slice(flag.length + 1);
}

/** The values that a flag is given, in one of the ways of writing it. */
function valuesOf(words: readonly string[], flags: readonly string[]): string[] {
  const values = words.flatMap((word, index) => {
    const flag = flags.find((flag) => word === flag || word.startsWith(`${flag}=`));
    if (flag === undefined) return [];
    const value = word === flag ? words[index + 1] ?? "" : word.slice(flag.length + 1);
    return value.split(",");
  });
  return values.filter((value) => value !== "");
}
