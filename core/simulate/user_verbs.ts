/** The verbs of users: those of Argo Rollouts' command line, and a few of kubectl's. */
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { PODS, ROLLOUTS } from "../api/names/resources.ts";
import {
  CommandLineError,
  CREATE_RUN_VERBS,
  onlyName,
  ROLLOUT_VERBS,
  RUN_VERBS,
  verb,
} from "../command/mod.ts";
import type { DeleteOptions } from "../ports/cluster.ts";
import { addressOf, addressOfPod, type PodChoice } from "./address.ts";
import { REPLICAS_MAX } from "./limits.ts";
import { refuseLossByAdoption } from "./orphaning.ts";
import type { ScriptContext } from "./script_context.ts";

/** Verbs by their names. */
export const USER_VERBS = Object.freeze({
  ...ROLLOUT_VERBS,
  scale: verb({
    ...ROLLOUT_VERBS.scale,
    read(names, flags) {
      const command = ROLLOUT_VERBS.scale.read(names, flags);
      if (command === undefined || command.replicas <= REPLICAS_MAX) return command;
      throw new CommandLineError(
        `cannot simulate ${command.replicas} pods; use at most ${REPLICAS_MAX}`,
      );
    },
  }),
  ...RUN_VERBS,
  ...CREATE_RUN_VERBS,
  apply: verb({
    usage: "apply FILE",
    about: "Apply a manifest, as kubectl does",
    // `apply -f FILE`, as kubectl has it, is the same.
    flags: { filename: { short: "f", value: "FILE", isRepeatable: true } },
    read(names, { filename }) {
      const file = onlyName([...names, ...filename]);
      return file === undefined ? undefined : { file };
    },
    async carryOut({ applyFile }: ScriptContext, { file }) {
      return (await applyFile(file)).join("\n");
    },
  }),
  delete: verb({
    usage: "delete KIND/NAME [--cascade background | foreground | orphan]",
    about: "Delete an object, as kubectl does",
    flags: { cascade: { value: "POLICY", default: "background" } },
    read: readDelete,
    carryOut: (context: ScriptContext, { kind, name, cascade }) =>
      remove(context, context.typeOf(kind), { name, propagationPolicy: cascade }),
  }),
  "delete-pod": verb({
    usage: "delete-pod POD | ROLLOUT[/oldest | /newest | /INDEX]",
    about: "Delete one pod",
    flags: {},
    read(names) {
      const name = onlyName(names);
      return name === undefined ? undefined : { pod: podChoice(name) };
    },
    carryOut(context: ScriptContext, { pod }) {
      const { namespace, name } = addressOfPod(context.embedded, { ...pod, ...context.place });
      return remove(context, PODS, { name: `${namespace}/${name}` });
    },
  }),
});

/** What becomes of what a deleted object owns. */
type Cascade = NonNullable<DeleteOptions["propagationPolicy"]>;

const CASCADES: Readonly<Record<string, Cascade>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

/** `delete rollout/web` and `delete rollout web`, as with kubectl. */
function readDelete(
  names: readonly string[],
  flags: { readonly cascade: string },
): { kind: string; name: string; cascade: Cascade } | undefined {
  const isApart = names.length === 2 && names[0]?.includes("/") === false;
  if (names.length !== 1 && !isApart) return undefined;
  const [, kind, name] = /^([^/]+)\/(.+)$/.exec(names.join("/")) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const cascade = Object.hasOwn(CASCADES, flags.cascade) ? CASCADES[flags.cascade] : undefined;
  return cascade === undefined ? undefined : { kind, name, cascade };
}

async function remove(
  { cluster, embedded, place }: ScriptContext,
  type: ResourceType,
  { name, ...options }: { readonly name: string } & DeleteOptions,
): Promise<string> {
  const address = addressOf(embedded, type, { name, ...place });
  if (type === ROLLOUTS && options.propagationPolicy === "Orphan") {
    refuseLossByAdoption(embedded, address);
  }
  await cluster.delete(type, address, options);
  const group = type.group === "" ? "" : `.${type.group}`;
  return `${type.kind.toLowerCase()}${group} "${address.name}" deleted`;
}

function podChoice(text: string): PodChoice {
  const [, name, which] = /^(.+)\/(oldest|newest|\d{1,9})$/.exec(text) ?? [];
  if (name === undefined || which === undefined) return { name: text, which: undefined };
  return { name, which: which === "oldest" || which === "newest" ? which : Number(which) };
}
