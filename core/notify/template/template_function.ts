/** A function that templates call by its name. */
import { type Signature, signatureOf } from "./signature.ts";
import type { Call } from "./values.ts";

export interface TemplateFunction {
  readonly name: string;
  readonly signature: Signature;
  readonly call: Call;
}

export type FunctionTable = ReadonlyMap<string, TemplateFunction>;

/** A function with the types of its parameters (see `signature.ts`). */
export function define(name: string, parameters: string, call: Call): TemplateFunction {
  return { name, signature: signatureOf(parameters), call };
}

export function tableOf(functions: readonly TemplateFunction[]): FunctionTable {
  return new Map(functions.map((each) => [each.name, each]));
}
