/** The indexes answer what looking through all objects would answer. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { PODS } from "../../../../core/api/names/resources.ts";
import { Kinds } from "../../../../core/cluster/embedded/kinds.ts";
import { LabelIndex, SelectorIndex } from "../../../../core/cluster/embedded/label_index.ts";
import { type LabelSelector, matchesLabels } from "../../../../core/api/values/label_selector.ts";
import { Store } from "../../../../core/cluster/embedded/store.ts";
import type { KubeObject } from "../../../../sdk/api/object.ts";
import { pod } from "./world.ts";

const pods = new Kinds().find(PODS);

const labels = fc.dictionary(fc.constantFrom("app", "tier"), fc.constantFrom("a", "b", "c"));
const namespace = fc.constantFrom("one", "two");
const requirement = fc.record({
  key: fc.constantFrom("app", "tier"),
  operator: fc.constantFrom("In" as const, "NotIn" as const, "Exists" as const),
  values: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 2 }),
});
const selector: fc.Arbitrary<LabelSelector> = fc.array(requirement, { maxLength: 3 });
/** A pod comes, gets other labels, or goes. */
const change = fc.record({ name: fc.constantFrom("p", "q", "r", "s"), namespace, labels });

/** A store after some changes: pods without labels are taken out of it. */
function storeAfter(
  changes: readonly { name: string; namespace: string; labels: Record<string, string> }[],
): { store: Store; index: LabelIndex } {
  const store = new Store(10);
  const index = new LabelIndex(store, pods);
  for (const { name, namespace, labels } of changes) {
    const before = store.get(pods, namespace, name);
    if (Object.keys(labels).length === 0) {
      if (before !== undefined) store.remove(pods, before);
      continue;
    }
    const metadata = { name, namespace, uid: `${namespace}/${name}`, labels };
    store.put(pods, { ...pod(name), metadata } as KubeObject, before);
    // Sorted in between, so that names have to find their places later.
    store.list(pods, namespace);
  }
  return { store, index };
}

Deno.test("LabelIndex selects what looking through all objects selects", () => {
  fc.assert(fc.property(fc.array(change), namespace, selector, (changes, home, wanted) => {
    const { store, index } = storeAfter(changes);
    const all = store.list(pods, home);
    assert.deepEqual([...all].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1), all);
    assert.deepEqual(
      index.selected(wanted, home),
      all.filter(({ metadata }) => matchesLabels(wanted, metadata.labels)),
    );
  }));
});

Deno.test("SelectorIndex finds every selector that selects, and no other", () => {
  const kept = fc.array(fc.tuple(fc.constantFrom("v", "w", "x"), namespace, fc.option(selector)));
  fc.assert(fc.property(kept, namespace, labels, (changes, asked, found) => {
    const index = new SelectorIndex();
    // Of what does not change any more the answer is kept, until a selector changes.
    Object.freeze(found);
    const present = new Map<string, { home: string; selector: LabelSelector }>();
    for (const [name, home, selector] of changes) {
      const uid = `${home}/${name}`;
      const owner = { metadata: { name, namespace: home, uid } } as KubeObject;
      index.set(owner, selector ?? undefined);
      if (selector === null) present.delete(uid);
      else present.set(uid, { home, selector });
      const wanted = [...present].filter(([, one]) =>
        one.home === asked && matchesLabels(one.selector, found)
      );
      const uids = [...index.selecting(asked, found)].sort();
      assert.deepEqual(uids, wanted.map(([uid]) => uid).sort());
    }
  }));
});
