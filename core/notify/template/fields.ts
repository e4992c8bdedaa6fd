/** What stands behind a dot: the element of a map, or a method of a value that has some. */
import { methodOfValue } from "../../analysis/condition/methods.ts";
import { GoDuration, GoLocation, GoNamed, GoTime } from "../../analysis/condition/go_time.ts";
import type { Type } from "../../analysis/condition/static_types.ts";
import { SemanticVersion } from "./semantic_version.ts";
import type { ParameterType, Signature } from "./signature.ts";
import { define, type TemplateFunction } from "./template_function.ts";
import {
  type CallContext,
  Dict,
  int64,
  type MaybeValue,
  Sized,
  typeOf,
  type Value,
} from "./values.ts";
import { TemplateFault } from "./template_fault.ts";

/** The element of a map; undefined: it is not there. @throws {TemplateFault} for other values */
export function fieldOf(receiver: MaybeValue, name: string): MaybeValue {
  if (receiver === undefined) return undefined;
  if (receiver === null) throw new TemplateFault(`.${name} is asked of nil`);
  if (receiver instanceof Dict) return receiver.entries.get(name);
  throw new TemplateFault(`a ${typeOf(receiver)} has no field ${name}`);
}

/** What it costs to call a method of a time. */
const METHOD_STEPS = 20;

/** A method of a value, taking what it is called with. */
export function methodOf(receiver: MaybeValue, name: string): TemplateFunction | undefined {
  if (receiver instanceof SemanticVersion) return versionMethod(receiver, name);
  const hasMethods = receiver instanceof GoTime || receiver instanceof GoDuration ||
    receiver instanceof GoNamed || receiver instanceof GoLocation;
  if (!hasMethods) return undefined;
  const method = methodOfValue(receiver, name);
  if (method === undefined) return undefined;
  const { parameters, result } = method.type;
  const fixed = parameters.map(({ kind }) => kind as ParameterType);
  const signature: Signature = { fixed, rest: undefined };
  // Times, durations and the like are the same values on both sides.
  type MethodArguments = Parameters<typeof method.call>[1];
  const call = (args: readonly Value[], { budget }: CallContext): Value => {
    budget.step(METHOD_STEPS);
    const found = method.call(receiver, args as MethodArguments);
    return typed(found as Value, result);
  };
  return { name, signature, call };
}

/** Conditions know one type of whole numbers. */
function typed(value: Value, result: Type): Value {
  return result.kind === "int64" && typeof value === "bigint" ? int64(value) : value;
}

function versionMethod(version: SemanticVersion, name: string): TemplateFunction | undefined {
  const next = (major: bigint, minor: bigint, patch: bigint) =>
    new SemanticVersion([major, minor, patch]);
  const { major, minor, patch } = version;
  const other = (value: Value | undefined) => version.compare(value as SemanticVersion);
  const methods: Readonly<Record<string, TemplateFunction>> = {
    Major: define(name, "", () => new Sized("uint64", major)),
    Minor: define(name, "", () => new Sized("uint64", minor)),
    Patch: define(name, "", () => new Sized("uint64", patch)),
    Prerelease: define(name, "", () => version.prerelease),
    Metadata: define(name, "", () => version.metadata),
    Original: define(name, "", () => version.original),
    String: define(name, "", () => version.toString()),
    IncMajor: define(name, "", () => next(major + 1n, 0n, 0n)),
    IncMinor: define(name, "", () => next(major, minor + 1n, 0n)),
    IncPatch: define(
      name,
      "",
      () => next(major, minor, version.prerelease === "" ? patch + 1n : patch),
    ),
    Compare: define(name, "version", ([value]) => BigInt(other(value))),
    Equal: define(name, "version", ([value]) => other(value) === 0),
    GreaterThan: define(name, "version", ([value]) => other(value) > 0),
    GreaterThanEqual: define(name, "version", ([value]) => other(value) >= 0),
    LessThan: define(name, "version", ([value]) => other(value) < 0),
    LessThanEqual: define(name, "version", ([value]) => other(value) <= 0),
  };
  return Object.hasOwn(methods, name) ? methods[name] : undefined;
}
