/** Pod templates that an API server stored though it cannot use them. */
import assert from "node:assert/strict";
import type { PodTemplate, Rollout } from "../../../sdk/api/rollout.ts";
import { templateTypeErrors } from "../../../core/api/validation/template_types.ts";
import { readableTemplate } from "../../../core/api/values/readable_template.ts";
import { parseTimedCommand, simulate } from "../../../core/simulate/mod.ts";
import { REPLICA_SETS } from "../../../core/api/names/resources.ts";
import { fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import judged from "../../fixtures/pod_templates/judged.json" with { type: "json" };
import { type JudgedTemplate, templateOf } from "../lint/pod_template/sample.ts";
import { case02 } from "../simulate/case_02_scenario.ts";
import { controllerOver, rollout, SERVED } from "./controller_world.ts";

const CONTAINER = { name: "web", image: "web:1" };

function withTemplate({ metadata, spec }: PodTemplate, name = "web"): Rollout {
  const written = rollout("web:1");
  const { template } = written.spec;
  const labels = { ...template?.metadata?.labels, ...metadata?.labels };
  return {
    ...written,
    metadata: { ...written.metadata, name },
    spec: {
      ...written.spec,
      template: {
        ...template,
        metadata: { ...metadata, labels },
        spec: { ...template?.spec, ...spec },
      },
    },
  };
}

const container = (fields: Record<string, unknown>) =>
  ({ spec: { containers: [{ ...CONTAINER, ...fields }] } }) as unknown as PodTemplate;

const WRONG: [template: unknown, invalid: string][] = [
  [
    container({ env: [{ name: "A", value: 5 }] }),
    "spec.template.spec.containers[0].env[0].value: must be a string, but is the number 5",
  ],
  [
    { metadata: { labels: { version: 1 } } },
    "spec.template.metadata.labels.version: must be a string, but is the number 1",
  ],
  [
    container({ readinessProbe: { periodSeconds: "5" } }),
    "spec.template.spec.containers[0].readinessProbe.periodSeconds: " +
    'must be a whole number, but is the string "5"',
  ],
  [
    container({ stdin: "yes" }),
    'spec.template.spec.containers[0].stdin: must be true or false, but is the string "yes"',
  ],
  [
    { spec: { overhead: { cpu: "much" } } },
    'spec.template.spec.overhead.cpu: must be an amount such as 500m or 2Gi, but is "much"',
  ],
  [
    { spec: { resources: { requests: { cpu: "much" } } } },
    "spec.template.spec.resources.requests[cpu]: must be an amount such as 500m or 2Gi, " +
    'but is "much"',
  ],
  [
    container({
      env: [{
        name: "A",
        valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "x" } },
      }],
    }),
    "spec.template.spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: " +
    'must be an amount such as 500m or 2Gi, but is "x"',
  ],
  [
    { spec: { ephemeralContainers: [{ name: 5 }] } },
    "spec.template.spec.ephemeralContainers[0].name: must be a string, but is the number 5",
  ],
];

for (const [template, invalid] of WRONG) {
  Deno.test(`a pod template of a wrong type is an invalid spec: ${invalid}`, () => {
    const { observe } = controllerOver([withTemplate(template as PodTemplate), ...SERVED]);
    assert.equal(observe()?.invalid, invalid);
  });
}

Deno.test("a field that is missing is told in Kubernetes' words, or left to Kubernetes", () => {
  const unnamed = { spec: { containers: [{ image: "web:1" }] } } as unknown as PodTemplate;
  assert.equal(
    controllerOver([withTemplate(unnamed), ...SERVED]).observe()?.invalid,
    "spec.template.spec.containers[0].name: Required value",
  );
  const sleepless = container({ lifecycle: { preStop: { sleep: {} } } });
  const { observe } = controllerOver([withTemplate(sleepless), ...SERVED]);
  assert.equal(observe()?.invalid, undefined);
});

/** Templates of which Kubernetes' own validation has nothing to say. */
const ACCEPTED = judged.filter(({ errors }) => errors.length === 0) as JudgedTemplate[];

Deno.test("no template that Kubernetes takes has a wrong type, or anything to leave out", () => {
  assert.ok(ACCEPTED.length > 400);
  for (const row of ACCEPTED) {
    const { template, leftOut } = readableTemplate(templateOf(row) as PodTemplate);
    assert.deepEqual([...leftOut, ...templateTypeErrors(template)], [], JSON.stringify(row.edits));
  }
});

Deno.test("a name is an invalid spec exactly when no ReplicaSet can be named after it", () => {
  const { length } = controllerOver([rollout("web:1"), ...SERVED]).observe()?.templateHash ?? "";
  const longest = 252 - length;
  for (const count of [longest, longest + 1]) {
    const name = "w".repeat(count);
    const { observe } = controllerOver([withTemplate({}, name), ...SERVED]);
    const expected = `metadata.name: Invalid value: "${name}": must be no more than ${longest} ` +
      "characters: a ReplicaSet's name has the template's hash behind it";
    assert.equal(observe()?.invalid, count > longest ? expected : undefined);
  }
});

Deno.test("what cannot be read is left out of snapshot and hash, and the Rollout stays", () => {
  const asking = (requests: unknown) => container({ resources: { requests } });
  const malformed = withTemplate(asking({ cpu: "5m", memory: "invalid" }));
  const before = structuredClone(malformed);
  const { observe } = controllerOver([malformed, ...SERVED]);
  const world = observe();
  const whole = controllerOver([withTemplate(asking({ cpu: "5m" })), ...SERVED]).observe();
  assert.equal(world?.invalid, undefined);
  assert.equal(world?.templateHash, whole?.templateHash);
  assert.deepEqual(world?.rollout.spec, whole?.rollout.spec);
  assert.equal(world?.leftOut?.length, 1);
  assert.deepEqual(malformed, before);
  assert.equal(whole?.leftOut, undefined);
  assert.equal(observe()?.rollout.spec.template, world?.rollout.spec.template, "read once");
});

Deno.test("a Rollout with fields that cannot be read runs without them, with a warning for each", async () => {
  const scenario = case02({
    script: [],
    timed: ["20s: set image mock-server mock-server=other:2", "60s: promote mock-server --full"]
      .map(parseTimedCommand),
    untilMs: 300_000,
  });
  const resources = { requests: { memory: "invalid", cpu: "5m" } };
  const objects = scenario.objects.map((object) => {
    if (object.kind !== "Rollout") return object;
    const { template, ...spec } = (object as Rollout).spec;
    const [first, ...others] = template?.spec?.containers ?? [];
    return {
      ...object,
      spec: {
        ...spec,
        template: {
          ...template,
          spec: {
            ...template?.spec,
            containers: [{ ...first, resources }, ...others],
            ephemeralContainers: [{ name: first?.name, image: "debug:1", resources }],
          },
        },
      },
    };
  });
  const { result, events, rollouts, timeline, objects: left } = await simulate({
    ...scenario,
    objects,
  });
  assert.equal(result.phase, "Healthy");
  const warnings = events.filter(({ type, reason }) =>
    type === "Warning" && reason === "UnreadableField"
  );
  const [requests, debuggers] = ["containers[0].resources.requests[memory]", "ephemeralContainers"]
    .map((path) => `Left out of the pod template: spec.template.spec.${path}: `);
  assert.deepEqual(
    warnings.map(({ atSeconds, message }) => `${atSeconds} ${message.split(": ", 2).join(": ")}: `),
    [0, 20].flatMap((seconds) => [`${seconds} ${requests}`, `${seconds} ${debuggers}`]),
  );
  const told = timeline.filter(({ why }) => why.startsWith("Left out of the pod template: "));
  assert.deepEqual(told.map(({ atSeconds }) => atSeconds), [0, 20]);
  const specs = left.filter(({ kind }) => kind === REPLICA_SETS.kind)
    .map((set) => fieldsOf(fieldsOf(fieldsOf(set["spec"])["template"])["spec"]));
  assert.equal(specs.length, 2);
  for (const spec of specs) {
    assert.deepEqual(fieldsOf(listOf(spec["containers"])[0])["resources"], {
      requests: { cpu: "5m" },
    });
    assert.equal(spec["ephemeralContainers"], undefined);
  }
  const { containers, ephemeralContainers } = rollouts[0]?.spec.template?.spec ?? {};
  assert.deepEqual(fieldsOf(containers?.[0])["resources"], resources);
  assert.equal(listOf(ephemeralContainers).length, 1, "the Rollout itself stays as it was written");
});
