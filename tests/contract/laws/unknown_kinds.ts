/** Laws of kinds that a server does not know, not yet or no more. */
import assert from "node:assert/strict";
import { CUSTOM_RESOURCE_DEFINITIONS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { isNotFound } from "../../../core/ports/mod.ts";
import type { ResourceType } from "../../../sdk/wire/resource_type.ts";
import { namesOf, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import type { Subject } from "../subject.ts";

const NOT_FOUND = { code: 404, reason: "NotFound" };

/** A kind of this law alone. */
function kindOf(plural: string): ResourceType {
  const kind = plural.replace(/^./, (letter) => letter.toUpperCase()).replace(/s$/, "");
  return { ...ROLLOUTS, group: `${plural}.contract.example`, version: "v1", plural, kind };
}

/** Has the server serve a kind; resolves once it can be listed. */
async function define({ cluster, eventually }: Subject, type: ResourceType): Promise<string> {
  const { scale: _, ...rest } = ROLLOUT_KIND;
  const singular = type.kind.toLowerCase();
  const definition = openDefinition({ ...rest, type, singular, shortName: singular, columns: [] });
  await cluster.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
  await eventually(`a list of ${type.plural}`, async () => {
    try {
      return await cluster.list(type);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  });
  return definition.metadata.name;
}

/** Takes a definition back; resolves once its kind is not known any more. */
async function withdraw(
  { cluster, eventually }: Subject,
  type: ResourceType,
  name: string,
): Promise<void> {
  await cluster.delete(CUSTOM_RESOURCE_DEFINITIONS, { name });
  await eventually(`the end of ${type.plural}`, async () => {
    try {
      await cluster.list(type);
      return undefined;
    } catch (error) {
      if (isNotFound(error)) return true;
      throw error;
    }
  });
}

export const laws = lawsOf("unknown kinds", {
  "a list, a read and a watch of a kind that nobody defined are answered with 404": async (
    subject,
  ) => {
    const { cluster, namespace, watch, eventually } = subject;
    const type = kindOf("ghosts");
    const home = await namespace();
    await refused(cluster.list(type), NOT_FOUND);
    await refused(cluster.list(type, { namespace: home }), NOT_FOUND);
    await refused(cluster.get(type, { namespace: home, name: "a" }), NOT_FOUND);
    const watched = watch(type, { resourceVersion: "1" });
    await eventually("the end of the watch", () => Promise.resolve(watched.ends > 0 || undefined));
    assert.ok(isNotFound(watched.error), String(watched.error));
  },

  "a kind that is defined while the server runs can be listed, and is empty": async (subject) => {
    const type = kindOf("newcomers");
    await define(subject, type);
    assert.deepEqual((await subject.cluster.list(type)).items, []);
  },

  "with its definition a kind loses its objects, its watch, and its lists": async (subject) => {
    const { cluster, namespace, watch, eventually } = subject;
    const type = kindOf("goers");
    const home = await namespace();
    const definition = await define(subject, type);
    const { resourceVersion } = await cluster.list(type);
    const watched = watch(type, { resourceVersion });
    const metadata = { name: "a", namespace: home };
    const apiVersion = `${type.group}/${type.version}`;
    await cluster.create(type, { apiVersion, kind: type.kind, metadata, spec: {} });
    await withdraw(subject, type, definition);
    await eventually("the end of the watch", () => Promise.resolve(watched.ends > 0 || undefined));
    assert.deepEqual(watched.story(), ["ADDED a", "DELETED a"]);

    const again = await define(subject, type);
    assert.equal(again, definition);
    assert.deepEqual(namesOf((await cluster.list(type)).items), []);
  },
});
