import assert from "node:assert/strict";
import {
  NOTIFIER_LAWS,
  notifierLaws,
  type NotifierSubject,
} from "../../../sdk/testing/notifier.ts";
import { Broken } from "../../../sdk/testing/traffic_router.ts";
import { bellSubject, BROKEN_NOTIFIERS } from "./broken_notifiers.ts";

for (const { name, check } of notifierLaws(bellSubject)) Deno.test(name, check);

/** One law for one notifier. */
function lawOf(subject: NotifierSubject, law: string) {
  return notifierLaws(subject).find(({ name }) => name.endsWith(`: ${law}`));
}

for (const { wrong, law, subject } of BROKEN_NOTIFIERS) {
  Deno.test(`a notifier that ${wrong} breaks the law "${law}"`, async () => {
    const found = lawOf(subject, law);
    assert.ok(found, law);
    // A wrong description is no `Broken`: it throws what it throws.
    await assert.rejects(() => found.check(), law.startsWith("whatever") ? Error : Broken);
  });
}

Deno.test("each law of notifiers catches one that breaks it", () => {
  const caught = new Set(BROKEN_NOTIFIERS.map(({ law }) => law));
  assert.deepEqual(NOTIFIER_LAWS.filter((law) => !caught.has(law)), []);
});

Deno.test("a law of notifiers is skipped by its name and with a reason, and in no other way", () => {
  const [law = ""] = NOTIFIER_LAWS;
  const skipped = notifierLaws({ ...bellSubject, skips: { [law]: "it is a trial" } });
  assert.equal(skipped.length, NOTIFIER_LAWS.length - 1);
  for (const skips of [{ [law]: "" }, { "no such law": "why not" }]) {
    assert.throws(() => notifierLaws({ ...bellSubject, skips }), /^Error: Cannot skip/);
  }
});
