/** Lint beside Kubernetes' own validation, on templates that nobody has seen before. */
import assert from "node:assert/strict";
import { sampleOf, scoreOf, templateOf } from "../core/lint/pod_template/sample.ts";
import { judgePodTemplates } from "./pod_template_judge.ts";

const TEMPLATES = 3000;
const LEAST_SHARE = 0.98;

Deno.test(`lint finds ${LEAST_SHARE * 100} % of what Kubernetes refuses in a fresh sample`, async () => {
  // Fresh with `-- SEED`; the gate takes one that is known, since a fresh one may find a fault.
  const seed = Number(Deno.args[0] ?? 2_670_161_668);
  const sample = sampleOf(seed, TEMPLATES);
  const errors = await judgePodTemplates(sample.map(templateOf));
  assert.equal(errors.length, sample.length);
  const rows = sample.map((each, index) => ({ ...each, errors: errors[index] ?? [] }));
  const { refused, missed, wrong } = scoreOf(rows);
  const figures = `seed ${seed}: ${refused - missed.length} of ${refused} found, ` +
    `${wrong.length} wrong of ${TEMPLATES - refused} accepted`;
  await Deno.stderr.write(new TextEncoder().encode(`${figures}\n`));
  assert.deepEqual(wrong, [], figures);
  assert.ok(missed.length <= refused * (1 - LEAST_SHARE), `${figures}\n${missed.join("\n")}`);
});
