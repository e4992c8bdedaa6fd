import assert from "node:assert/strict";
import { Broken } from "../../../sdk/testing/traffic_router.ts";
import {
  METRIC_PROVIDER_LAWS,
  metricProviderLaws,
  type MetricSubject,
} from "../../../sdk/testing/metric_provider.ts";
import { statsSubject } from "../../../docs/examples/stats-provider/subject.ts";
import { BROKEN_PROVIDERS } from "./broken_providers.ts";

for (const { name, check } of metricProviderLaws(statsSubject)) Deno.test(name, check);

/** One law for one provider. */
function lawOf<Config>(subject: MetricSubject<Config>, law: string) {
  return metricProviderLaws(subject).find(({ name }) => name.endsWith(`: ${law}`));
}

for (const { wrong, law, make } of BROKEN_PROVIDERS) {
  Deno.test(`a provider that ${wrong} breaks the law "${law}"`, async () => {
    // Which of the two kinds of subject it is, is the same to the law.
    const found = lawOf(make() as typeof statsSubject, law);
    assert.ok(found, law);
    await assert.rejects(() => found.check(), Broken);
  });
}

Deno.test("each law of providers catches one that breaks it", () => {
  const caught = new Set(BROKEN_PROVIDERS.map(({ law }) => law));
  assert.deepEqual(METRIC_PROVIDER_LAWS.filter((law) => !caught.has(law)), []);
});

Deno.test("a law of providers is skipped by its name and with a reason, and in no other way", () => {
  const [law = ""] = METRIC_PROVIDER_LAWS;
  const skipped = metricProviderLaws({ ...statsSubject, skips: { [law]: "it is a trial" } });
  assert.equal(skipped.length, METRIC_PROVIDER_LAWS.length - 1);
  for (const skips of [{ [law]: "" }, { "no such law": "why not" }]) {
    assert.throws(() => metricProviderLaws({ ...statsSubject, skips }), /^Error: Cannot skip/);
  }
});
