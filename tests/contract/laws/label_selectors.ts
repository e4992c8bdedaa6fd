/** Laws of label selectors. */
import assert from "node:assert/strict";
import { CONFIG_MAPS } from "../../../core/api/names/resources.ts";
import { namesOf, refused } from "../expect.ts";
import { lawsOf } from "../law.ts";
import { configMap } from "../manifests.ts";
import type { Subject } from "../subject.ts";

/** Config maps whose names are their labels. */
async function shop({ cluster, namespace }: Subject): Promise<string> {
  const home = await namespace();
  const stock: Record<string, Record<string, string>> = {
    "apple-red": { kind: "apple", colour: "red" },
    "apple-green": { kind: "apple", colour: "green" },
    "pear-green": { kind: "pear", colour: "green" },
    "apple-plain": { kind: "apple" },
    "pear-empty": { kind: "pear", colour: "" },
  };
  for (const [name, labels] of Object.entries(stock)) {
    await cluster.create(CONFIG_MAPS, configMap(home, name, { labels }));
  }
  return home;
}

async function select(
  subject: Subject,
  rows: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const namespace = await shop(subject);
  for (const [labelSelector, expected] of Object.entries(rows)) {
    const { items } = await subject.cluster.list(CONFIG_MAPS, { namespace, labelSelector });
    assert.deepEqual(namesOf(items), [...expected].sort(), labelSelector);
  }
}

export const laws = lawsOf("label selectors", {
  "equality holds for objects that carry the value": (subject) =>
    select(subject, {
      "kind=apple": ["apple-red", "apple-green", "apple-plain"],
      "kind==pear": ["pear-green", "pear-empty"],
      "colour=": ["pear-empty"],
      "colour=blue": [],
    }),

  "inequality and notin hold also for objects without the key": (subject) =>
    select(subject, {
      "kind,colour!=green": ["apple-red", "apple-plain", "pear-empty"],
      "kind,colour notin (green, red)": ["apple-plain", "pear-empty"],
    }),

  "in holds for any of its values": (subject) =>
    select(subject, {
      "colour in (red,green)": ["apple-red", "apple-green", "pear-green"],
      "colour in (red)": ["apple-red"],
    }),

  "presence and absence of a key": (subject) =>
    select(subject, {
      "colour": ["apple-red", "apple-green", "pear-green", "pear-empty"],
      "kind,!colour": ["apple-plain"],
    }),

  "all requirements must hold": (subject) =>
    select(subject, {
      "kind=apple,colour=green": ["apple-green"],
      "kind in (apple,pear),colour notin (red),colour": [
        "apple-green",
        "pear-green",
        "pear-empty",
      ],
      "kind=apple,kind=pear": [],
    }),

  "a malformed one is refused, and the place is told": async ({ cluster, namespace }) => {
    const home = await namespace();
    const rows: Record<string, string | RegExp> = {
      "kind in": "unable to parse requirement: found '' expected: '('",
      "kind in a)": "unable to parse requirement: found 'a' expected: '('",
      "kind in (a": "unable to parse requirement: found '', expected: ',' or ')'",
      "=apple": "found '=', expected: !, identifier, or 'end of string'",
      "a=b,,": "found ',', expected: identifier after ','",
      "a=b,": "found '', expected: identifier after ','",
      "a=b c": "found 'c', expected: ',' or 'end of string'",
      "-x=1": /^unable to parse requirement: <nil>: Invalid value: "-x": name part must consist/,
    };
    for (const [labelSelector, message] of Object.entries(rows)) {
      await refused(cluster.list(CONFIG_MAPS, { namespace: home, labelSelector }), {
        code: 400,
        reason: "BadRequest",
        message,
      });
    }
  },
});
