/** The schema of each kind that finds wrong types, built when the first object of it is checked. */
import * as z from "zod/mini";
import { checkingKit } from "./checking_kit.ts";
import { type Kind, KINDS } from "./kinds.ts";
import type { Field } from "./kit.ts";

const SCHEMAS: ReadonlyMap<Kind, Field> = new Map(KINDS.map((kind) => [kind, schemaOf(kind)]));

/** The schema of a kind's objects. A status that has a subresource of its own is not looked at. */
export function checkingSchema(kind: Kind): Field {
  return SCHEMAS.get(kind) ?? schemaOf(kind);
}

function schemaOf(kind: Kind): Field {
  return z.lazy(() => {
    const { status, ...fields } = kind.fields(checkingKit());
    return z.looseObject(
      kind.hasStatusSubresource || status === undefined ? fields : { ...fields, status },
    );
  });
}
