/** What Argo Rollouts says about metrics, templates and experiments, by what was asked. */
import type { KubeObject } from "../../../../sdk/api/object.ts";
import rows from "../../../fixtures/vectors/analysis-validation.json" with { type: "json" };
import type { Fields } from "../../../../sdk/wire/json.ts";

/** What can be asked; a row asks one thing. */
export interface Question {
  readonly metrics?: Fields[];
  readonly flatten?: { readonly templates: KubeObject[]; readonly clusterTemplates: KubeObject[] };
  readonly mergeArgs?: { readonly incoming: Fields[]; readonly declared: Fields[] };
  readonly resolve?: { readonly metric: Fields; readonly args: Fields[] };
  readonly dryRun?: { readonly rules: Fields[]; readonly metrics: Fields[] };
  readonly retention?: { readonly rules: Fields[]; readonly metrics: Fields[] };
  readonly experiment?: KubeObject;
}

/** A question of one kind, with its result or the text of the error. */
export interface AnsweredQuestion<Asked> {
  readonly asked: Asked;
  readonly result: unknown;
  readonly error: string | undefined;
}

/** The rows that ask one kind of question. */
export function rowsAsking<Kind extends keyof Question>(
  kind: Kind,
): AnsweredQuestion<NonNullable<Question[Kind]>>[] {
  const all = rows as unknown as { ask: Question; result?: unknown; error?: string }[];
  return all.flatMap(({ ask, result, error }) => {
    const asked = ask[kind];
    return asked === undefined ? [] : [{ asked, result, error }];
  });
}
