/** The published schema says what `simulate -o json` really prints: all of it, and nothing else. */
import assert from "node:assert/strict";
import schema from "../../../docs/simulate.schema.json" with { type: "json" };
import { run, simulateText } from "./fake_terminal.ts";
import { web } from "./web_manifest.ts";

type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
};

/** Where a value is not as the schema says. */
function problemsOf(value: unknown, given: Schema, at: string): string[] {
  const { $ref, type, enum: choices, anyOf, items, properties = {}, required = [] } = given;
  if ($ref !== undefined) {
    const name = $ref.replace("#/$defs/", "") as keyof typeof schema.$defs;
    return problemsOf(value, schema.$defs[name] as Schema, at);
  }
  if (anyOf !== undefined) {
    const each = anyOf.map((one) => problemsOf(value, one, at));
    return each.find((problems) => problems.length === 0) ?? each[0] ?? [];
  }
  if (choices !== undefined) return choices.includes(value) ? [] : [`${at}: ${value}`];
  if (type !== undefined && !isOf(type, value)) return [`${at}: no ${type}`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => problemsOf(item, items ?? {}, `${at}[${index}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const missing = required.filter((name) => !(name in value)).map((name) =>
    `${at}.${name}: absent`
  );
  const { additionalProperties = true } = given;
  const inside = Object.entries(value).flatMap(([name, field]) => {
    const known = properties[name] ??
      (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (known !== undefined) return problemsOf(field, known, `${at}.${name}`);
    return additionalProperties === false ? [`${at}.${name}: unknown`] : [];
  });
  return [...missing, ...inside];
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  const is: string = typeof value;
  return is === type;
}

const RUNS: [what: string, text: string, options: string[]][] = [
  ["an update", web(), ["--do", "10s: set image web web=registry/web:2"]],
  ["an image that fails, and a pod that is lost", web(), [
    "--do",
    "5s: delete-pod web/oldest",
    "--do",
    "10s: set image web web=registry/does-not-exist:2",
    "--do",
    "20s: delete rollout/web --cascade=orphan",
  ]],
];

for (const [what, text, options] of RUNS) {
  Deno.test(`the schema describes what is printed of ${what}`, async () => {
    for (const more of [[], ["--objects"]]) {
      const { out } = await simulateText(text, ...options, "-o", "json", ...more);
      assert.deepEqual(problemsOf(JSON.parse(out), schema as Schema, ""), []);
    }
  });
}

Deno.test("a value that the schema does not know is noticed", () => {
  const value = { timeline: [{}], events: [], writes: {}, result: {}, users: {}, more: 1 };
  const problems = problemsOf(value, schema as Schema, "");
  assert.ok(problems.includes(".more: unknown"));
  assert.ok(problems.includes(".timeline[0].phase: absent"));
});

Deno.test("--objects adds the objects as they are at the end, and nothing without it", async () => {
  const args = ["simulate", "web.yaml", "-o", "json"];
  const files = { "web.yaml": web() };
  const { objects } = JSON.parse((await run([...args, "--objects"], { files })).out);
  const kinds = new Set(objects.map(({ kind }: { kind: string }) => kind));
  assert.ok(["Rollout", "ReplicaSet", "Pod"].every((kind) => kinds.has(kind)));
  const rollout = objects.find(({ kind }: { kind: string }) => kind === "Rollout");
  assert.equal(rollout.status.phase, "Healthy");
  assert.equal(JSON.parse((await run(args, { files })).out).objects, undefined);
});
