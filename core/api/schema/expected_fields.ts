/** What each kind's objects must be, built when the first object of it is looked at. */
import {
  checkingKit,
  type Expected,
  type ExpectedFields,
} from "../../../sdk/fields/checking_kit.ts";
import { type Kind, KINDS } from "./kinds.ts";
import { podTemplate } from "./pod_template.ts";

const EXPECTED: ReadonlyMap<Kind, Expected> = new Map(
  KINDS.map((kind) => [kind, expectedOf(kind)]),
);

/** A kind's objects. A status that has a subresource of its own is not looked at. */
export function expectedObjectOf(kind: Kind): Expected {
  return EXPECTED.get(kind) ?? expectedOf(kind);
}

function expectedOf(kind: Kind): Expected {
  let built: ExpectedFields | undefined;
  const build = () => {
    const { status, ...fields } = kind.fields(checkingKit()) as ExpectedFields;
    return kind.hasStatusSubresource || status === undefined ? fields : { ...fields, status };
  };
  return { type: "object", isRequired: true, fields: () => built ??= build() };
}

/** A pod template, wherever it stands. */
export const EXPECTED_TEMPLATE: Expected = podTemplate(checkingKit(), "") as Expected;
