import assert from "node:assert/strict";
import { readableTemplate } from "../../../../core/api/values/readable_template.ts";
import { pathText } from "../../../../sdk/wire/field_place.ts";
import type { PodTemplate } from "../../../../sdk/api/rollout.ts";

const MAIN = { name: "main", image: "main:1" };

function templateOf(spec: Record<string, unknown>): PodTemplate {
  return { metadata: { labels: { app: "web" } }, spec: { containers: [MAIN], ...spec } };
}

const asking = (resources: unknown) => ({ containers: [{ ...MAIN, resources }] });
const AMOUNT = "must be an amount such as 500m or 2Gi, but is";

const READ: [spec: Record<string, unknown>, readable: Record<string, unknown>, leftOut: string][] =
  [
    [
      asking({ requests: { memory: "invalid", cpu: "5m" }, limits: { cpu: 1 } }),
      asking({ requests: { cpu: "5m" }, limits: { cpu: 1 } }),
      `spec.template.spec.containers[0].resources.requests[memory]: ${AMOUNT} "invalid"`,
    ],
    [
      { initContainers: [MAIN, { ...MAIN, resources: { limits: { cpu: true } } }] },
      { initContainers: [MAIN, { ...MAIN, resources: { limits: {} } }] },
      `spec.template.spec.initContainers[1].resources.limits[cpu]: ${AMOUNT} true`,
    ],
    [
      asking({ requests: ["cpu"], limits: { cpu: 1 } }),
      asking({ limits: { cpu: 1 } }),
      "spec.template.spec.containers[0].resources.requests: must be an object",
    ],
    [{ volumes: 5 }, {}, "spec.template.spec.volumes: must be a list"],
    [
      { volumes: [{ name: "a", emptyDir: {} }, "b"] },
      { volumes: [{ name: "a", emptyDir: {} }] },
      "spec.template.spec.volumes[1]: must be an object",
    ],
    [
      { volumes: [{ name: "a", emptyDir: { medium: "Memory", sizeLimit: "big" } }] },
      { volumes: [{ name: "a", emptyDir: { medium: "Memory" } }] },
      `spec.template.spec.volumes[0].emptyDir.sizeLimit: ${AMOUNT} "big"`,
    ],
    [
      { ephemeralContainers: [MAIN, { ...MAIN, resources: { requests: { cpu: "much" } } }] },
      {},
      "spec.template.spec.ephemeralContainers: all are left out, since one cannot be read: " +
      `spec.template.spec.ephemeralContainers[1].resources.requests[cpu]: ${AMOUNT} "much"`,
    ],
  ];

for (const [spec, readable, leftOut] of READ) {
  Deno.test(`left out of a pod template: ${leftOut}`, () => {
    const template = templateOf(spec);
    const before = structuredClone(template);
    const { places, ...found } = readableTemplate(template);
    assert.deepEqual(found, { template: templateOf(readable), leftOut: [leftOut] });
    assert.deepEqual(places.map(pathText), [leftOut.split(": ")[0]]);
    assert.deepEqual(template, before, "what was given is as it was");
  });
}

const WHOLE: [about: string, template: PodTemplate | undefined][] = [
  ["no template", undefined],
  ["nothing to read", {}],
  ["amounts of all kinds", templateOf(asking({ requests: { cpu: "1e3", memory: 1.5, x: ".5" } }))],
  ["null is absent", templateOf(asking({ requests: { cpu: null }, limits: null }))],
  [
    "an amount below 0, which Kubernetes reads and refuses",
    templateOf(asking({ limits: { cpu: "-1" } })),
  ],
  ["ephemeral containers that can be read", templateOf({ ephemeralContainers: [MAIN] })],
  [
    "a type that is an error",
    templateOf({ containers: [{ ...MAIN, env: [{ name: "A", value: 5 }] }] }),
  ],
  ["lists that are none", templateOf({ containers: 5, initContainers: "x" })],
];

for (const [about, template] of WHOLE) {
  Deno.test(`a pod template is kept as it is: ${about}`, () => {
    const read = readableTemplate(template);
    assert.equal(read.template, template);
    assert.deepEqual(read.leftOut, []);
  });
}
