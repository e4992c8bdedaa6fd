import assert from "node:assert/strict";
import { checkingKit, type Expected } from "../../../sdk/fields/checking_kit.ts";
import type { ConfigOf, Kit } from "../../../sdk/fields/kit.ts";
import { valueProblems } from "../../../sdk/fields/type_problems.ts";
import { unknownFieldsOf } from "../../../sdk/fields/unknown_fields.ts";

const table = (kit: Kit) => ({
  route: kit.text("Name of the Route.", { required: true }),
  port: kit.whole("Port of it.", { default: 80 }),
  mode: kit.choice(["strict", "loose"], "How.", { required: true }),
  hosts: kit.texts("Names."),
  labels: kit.textMap("Labels."),
  timeout: kit.object(() => ({ seconds: kit.whole("How long.", { required: true }) }), "Timeout."),
  rules: kit.list(() => ({ name: kit.text("Name.", { required: true }) }), "Rules."),
});
type Config = ConfigOf<typeof table>;

const GOOD: Config = {
  route: "web",
  mode: "strict",
  hosts: ["a"],
  labels: { a: "b" },
  timeout: { seconds: 3 },
  rules: [{ name: "x" }],
};

function expected(): Expected {
  const fields = table(checkingKit()) as unknown as Readonly<Record<string, Expected>>;
  return { type: "object", isRequired: true, fields: () => fields };
}

function problemsOf(value: unknown): string[] {
  return valueProblems(value, expected())
    .map(({ path, message }) => `${path.join(".")} ${message}`);
}

Deno.test("a table of fields accepts what its type accepts, and tells the places of all else", () => {
  assert.deepEqual(problemsOf(GOOD), []);
  const bad = { port: "80", mode: "maybe", timeout: {}, rules: [{}, 3] };
  assert.deepEqual(problemsOf(bad), [
    "route is required",
    'port must be a whole number, but is the string "80"',
    'mode must be one of strict, loose, but is the string "maybe"',
    "timeout.seconds is required",
    "rules.0.name is required",
    "rules.1 must be an object, but is the number 3",
  ]);
  const unknown = { ...GOOD, prot: 80, timeout: { seconds: 3, minutes: 1 } };
  assert.deepEqual(unknownFieldsOf(unknown, expected()), [["timeout", "minutes"], ["prot"]]);
});

Deno.test("the type of a configuration knows which fields there are, and which have to be", () => {
  // @ts-expect-error: the route is required
  const withoutRoute: Config = { mode: "loose" };
  // @ts-expect-error: there is no such mode
  const otherMode: Config = { route: "web", mode: "other" };
  // @ts-expect-error: a port is a number
  const textPort: Config = { route: "web", mode: "loose", port: "80" };
  // @ts-expect-error: seconds are required where a timeout is
  const emptyTimeout: Config = { route: "web", mode: "loose", timeout: {} };
  for (const wrong of [withoutRoute, otherMode, textPort, emptyTimeout]) {
    assert.equal(problemsOf(wrong).length, 1);
  }
});
