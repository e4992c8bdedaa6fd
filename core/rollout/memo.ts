/** What is computed from a Rollout's spec and its pod template, once for each generation. */
import type { PodTemplate, Rollout } from "../../sdk/api/rollout.ts";
import { NO_PLUGINS, type PluginRegistry } from "../../sdk/registry.ts";
import { canonicalTemplate } from "../api/hash/normalise_template.ts";
import { safeHash } from "../api/hash/safe_hash.ts";
import { stepHash } from "../api/hash/step_hash.ts";
import { validateRollout } from "../api/validation/validate_rollout.ts";
import { templateTypeErrors } from "../api/validation/template_types.ts";
import { type ReadableTemplate, readableTemplate } from "../api/values/readable_template.ts";
import { EPHEMERAL_METADATA_ANNOTATION } from "../api/names/names.ts";
import { validateWorkload } from "../api/validation/workload.ts";
import { plainTemplate, type ReplicaSet } from "../sets/mod.ts";
import { unservedField } from "./unserved.ts";
import type { Resolved } from "./workload.ts";

/** Facts about one generation of a Rollout. */
export interface SpecFacts {
  readonly generation: number | undefined;
  /** Of the workload that the template comes from; empty without one. */
  readonly workloadVersion: string;
  /** The template in its canonical form: equal text, equal pods. */
  readonly template: string;
  /** Empty for a blue-green, which has no steps. */
  readonly stepHash: string;
  /** The template without what cannot be read of it; undefined: all of it can. */
  readonly readable: ReadableTemplate | undefined;
  /** The path of the first field that this version does not serve. */
  readonly unserved: readonly string[] | undefined;
  /** The first error of the spec itself. */
  readonly invalid: string | undefined;
}

/** Belongs to one controller; forgets a Rollout when told to. */
export class Memo {
  readonly #plugins: PluginRegistry;
  readonly #facts = new Map<string, SpecFacts>();
  readonly #hashes = new WeakMap<
    SpecFacts,
    { collisionCount: number | undefined; hash: string }
  >();
  /** Canonical texts by template object: an edited template is another object. */
  readonly #templates = new WeakMap<object, { injected: string | undefined; text: string }>();

  constructor(plugins = NO_PLUGINS) {
    this.#plugins = plugins;
  }

  get plugins(): PluginRegistry {
    return this.#plugins;
  }

  /** How many Rollouts it knows something of. */
  get size(): number {
    return this.#facts.size;
  }

  factsOf({ written, rollout, workload, version }: Omit<Resolved, "error">): SpecFacts {
    const uid = rollout.metadata.uid ?? "";
    const { generation } = rollout.metadata;
    const present = this.#facts.get(uid);
    const isPresent = present?.generation === generation &&
      present?.workloadVersion === version;
    if (present !== undefined && isPresent) return present;
    const readable = readableTemplate(rollout.spec?.template);
    const isWhole = readable.leftOut.length === 0;
    const facts: SpecFacts = {
      generation,
      workloadVersion: version,
      template: canonicalTemplate(readable.template),
      stepHash: rollout.spec?.strategy?.blueGreen
        ? ""
        : stepHash(rollout.spec?.strategy?.canary?.steps),
      readable: isWhole ? undefined : readable,
      invalid: this.#firstError({ written, rollout, workload }, readable.template),
      unserved: unservedField(rollout, this.#plugins),
    };
    this.#facts.set(uid, facts);
    return facts;
  }

  /** A wrong type first: whatever else is said of such a field would mislead. */
  #firstError(
    { written, rollout, workload }: Pick<Resolved, "written" | "rollout" | "workload">,
    template: PodTemplate | undefined,
  ): string | undefined {
    const isOwn = written.spec?.template === rollout.spec?.template;
    const own = isOwn ? withTemplate(written, template) : written;
    return templateTypeErrors(template)[0] ??
      validateRollout(own, this.#plugins)[0]?.text ??
      (workload && validateWorkload(written, { ...workload, template })[0]?.text);
  }

  /** The template hash of a Rollout with this count of collisions. */
  hashOf(facts: SpecFacts, collisionCount: number | undefined): string {
    const present = this.#hashes.get(facts);
    if (present !== undefined && present.collisionCount === collisionCount) return present.hash;
    const hash = safeHash(facts.template, collisionCount);
    this.#hashes.set(facts, { collisionCount, hash });
    return hash;
  }

  /** The canonical template of a set, without what was put into it for the update. */
  templateOf(set: ReplicaSet): string {
    const { template } = set.spec;
    const injected = set.metadata.annotations?.[EPHEMERAL_METADATA_ANNOTATION];
    const present = this.#templates.get(template);
    if (present !== undefined && present.injected === injected) return present.text;
    const text = canonicalTemplate(plainTemplate(set));
    this.#templates.set(template, { injected, text });
    return text;
  }

  /** The Rollout as it can be run: without what cannot be read of its template. */
  runnable(rollout: Rollout, { readable }: SpecFacts): Rollout {
    return readable === undefined ? rollout : withTemplate(rollout, readable.template);
  }

  forget(object: { readonly metadata: { readonly uid?: string } }): void {
    this.#facts.delete(object.metadata.uid ?? "");
  }
}

function withTemplate(rollout: Rollout, template: PodTemplate | undefined): Rollout {
  if (template === undefined || rollout.spec?.template === template) return rollout;
  return { ...rollout, spec: { ...rollout.spec, template } };
}
