/** What a value may be taken from: other objects, the pod itself, and labels that select. */
import { labelKeyProblems } from "../../api/validation/kube_names.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { validateSelector } from "../../api/validation/validate_selector.ts";
import { isFields, textOf } from "../../../sdk/wire/json.ts";
import { quantityNanos } from "../../api/values/quantity.ts";
import {
  type Check,
  type FieldsCheck,
  flag,
  list,
  mustBe,
  needs,
  object,
  quantity,
  text,
  type TextCheck,
  textMap,
  texts,
} from "./check.ts";
import { dataKey, oneOf, shown, subdomain } from "./formats.ts";

const SELECTOR = object({
  matchLabels: textMap,
  matchExpressions: list(object({ key: text(), operator: text(), values: texts() })),
});

/** A label selector, in the words of the API server. */
export const selector: Check = (value, at, report) => {
  if (!isFields(value)) return report(at, mustBe("an object", value));
  SELECTOR(value, at, report);
  for (const { location, detail, type } of validateSelector(value, placeOf(at))) {
    report(location, detail === "" ? type : detail);
  }
};

/** An object of the namespace by its name. */
export const nameReference: Check = object(
  { name: text(namePrefix), optional: flag },
  needs("name"),
);

/** Here the API server takes the beginning of a name as well, which may end with a dash. */
function namePrefix(name: string): string | undefined {
  return subdomain(name.length > 1 ? name.replace(/-$/, "a") : name);
}

/** One key of a ConfigMap or Secret. */
export const keyReference: Check = object(
  { name: text(subdomain), key: text(dataKey), optional: flag },
  needs("name", "key"),
);

/** A field of the pod, as variables (`fieldPaths`) or files know them. */
export function fieldReference(fieldPaths: readonly string[]): Check {
  return object(
    { apiVersion: text(oneOf("v1")), fieldPath: text(fieldPath(fieldPaths)) },
    needs("fieldPath"),
  );
}

function fieldPath(fieldPaths: readonly string[]): TextCheck {
  return (path) => {
    const subscript = /^(.*)\['(.*)'\]$/s.exec(path);
    if (subscript === null) {
      return fieldPaths.includes(path)
        ? undefined
        : `must be one of ${fieldPaths.join(", ")}, metadata.labels['KEY'], ` +
          `metadata.annotations['KEY'], but is ${shown(path)}`;
    }
    const [, field, key = ""] = subscript;
    if (field === "metadata.labels") return labelKeyProblems(key)[0];
    if (field === "metadata.annotations") return labelKeyProblems(key.toLowerCase())[0];
    return `must be metadata.labels['KEY'] or metadata.annotations['KEY'], but is ${shown(path)}`;
  };
}

const RESOURCES = ["cpu", "memory", "ephemeral-storage"];
const AMOUNTS: readonly string[] = ["limits", "requests"]
  .flatMap((kind) => RESOURCES.map((name) => `${kind}.${name}`));

const CPU_DIVISORS = ["1m", "1"];
const BYTES_DIVISORS = [
  "1",
  "1k",
  "1M",
  "1G",
  "1T",
  "1P",
  "1E",
  "1Ki",
  "1Mi",
  "1Gi",
  "1Ti",
  "1Pi",
  "1Ei",
];

/** What a container may use or asks for; of a volume it has to be said of which container. */
export function resourceReference({ ofVolume }: { readonly ofVolume: boolean }): Check {
  return object(
    { containerName: text(), resource: text(resourceName), divisor: quantity() },
    ofVolume ? needs("containerName", "resource") : needs("resource"),
    divisorOfResource,
  );
}

function resourceName(name: string): string | undefined {
  if (AMOUNTS.includes(name) || /^(?:limits|requests)\.hugepages-./.test(name)) return undefined;
  return `must be one of ${AMOUNTS.join(", ")}, but is ${shown(name)}`;
}

function divisorOfResource(...[fields, at, report]: Parameters<FieldsCheck>): void {
  const { divisor } = fields;
  if (typeof divisor !== "string" && typeof divisor !== "number") return;
  const nanos = quantityNanos(divisor);
  if (nanos === undefined || nanos === 0n) return;
  const isCpu = textOf(fields["resource"]).endsWith(".cpu");
  const allowed = isCpu ? CPU_DIVISORS : BYTES_DIVISORS;
  if (allowed.some((each) => quantityNanos(each) === nanos)) return;
  report([...at, "divisor"], `must be one of ${allowed.join(", ")}, but is ${divisor}`);
}
