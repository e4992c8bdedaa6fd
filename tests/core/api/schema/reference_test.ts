import assert from "node:assert/strict";
import { KINDS, ROLLOUT_KIND } from "../../../../core/api/schema/kinds.ts";
import {
  comparable,
  ownRows,
  ownTemplateRows,
  REFERENCE_TEMPLATE,
  referenceKind,
  type Row,
} from "./reference.ts";

/** What stands around the fields of any kind. */
const ENVELOPE = ["apiVersion", "kind", "metadata"];

function unlike(ours: readonly Row[], theirs: readonly Row[]) {
  const own = comparable(ours);
  const reference = comparable(theirs);
  return {
    unknown: reference.filter((row) => !own.includes(row)),
    invented: own.filter((row) => !reference.includes(row)),
  };
}

for (const kind of KINDS) {
  Deno.test(`${kind.type.kind}: every field of the reference is known, and none is invented`, () => {
    const { fields } = referenceKind(kind.type.kind);
    assert.ok(fields.length > 60);
    const theirs = fields.filter(([path]) => !ENVELOPE.includes(path));
    assert.deepEqual(unlike(ownRows(kind), theirs), { unknown: [], invented: [] });
  });
}

Deno.test("the pod template: every field of the reference is known, and none is invented", () => {
  assert.ok(REFERENCE_TEMPLATE.length > 900);
  assert.deepEqual(unlike(ownTemplateRows(ROLLOUT_KIND), REFERENCE_TEMPLATE), {
    unknown: [],
    invented: [],
  });
});

Deno.test("the comparison sees a field that is missing, one too many, and one of another type", () => {
  const ours: Row[] = [["a", "string"], ["b", "integer int32"], ["extra", "object"]];
  const theirs: Row[] = [["a", "string", { required: true }], ["b", "integer int32"], ["c", "any"]];
  assert.deepEqual(unlike(ours, theirs), {
    unknown: ["a string required=true", "c any"],
    invented: ["a string", "extra object"],
  });
});
