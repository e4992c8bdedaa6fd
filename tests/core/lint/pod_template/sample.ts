/** Pod templates made wrong, what Kubernetes says of them, and what lint says. */
import { parse } from "yaml";
import type { Json } from "../../../../sdk/wire/json.ts";
import type { Finding } from "../../../../core/lint/mod.ts";
import full from "../../../fixtures/pod_templates/full.yaml" with { type: "text" };
import windows from "../../../fixtures/pod_templates/windows.yaml" with { type: "text" };
import { lintObjects, rollout } from "../manifests.ts";
import { donorsOf, type Edit, edited, edits, randomOf } from "./edits.ts";

/** Templates that an API server takes. */
export const TEMPLATES = { full: parse(full) as Json, windows: parse(windows) as Json };

/** One of the templates, made wrong. */
export interface WrongTemplate {
  readonly base: keyof typeof TEMPLATES;
  readonly edits: readonly Edit[];
}

/** A template, and what Kubernetes says of it; nothing where a ReplicaSet is created with it. */
export interface JudgedTemplate extends WrongTemplate {
  readonly errors: readonly string[];
}

/** As many templates made wrong as asked for; the same for the same seed. */
export function sampleOf(seed: number, count: number): WrongTemplate[] {
  const random = randomOf(seed);
  const donors = donorsOf(Object.values(TEMPLATES));
  return Array.from({ length: count }, () => {
    const base = random() < 0.8 ? "full" : "windows";
    return { base, edits: edits(TEMPLATES[base], donors, random) };
  });
}

export function templateOf({ base, edits }: WrongTemplate): Json {
  return edited(TEMPLATES[base], edits);
}

/** The errors that lint finds in a Rollout with this template. */
export function lintErrors(template: Json): Finding[] {
  return lintObjects(rollout({ spec: { template } })).filter(({ severity }) =>
    severity === "error"
  );
}

/**
 * What is refused before a ReplicaSet is made, although the API server would take it: fields that
 * the definition of Rollouts requires, and what Argo Rollouts' controller says of a template.
 */
const REFUSED_BEFORE: readonly (readonly [rule: string, path: RegExp])[] = [
  [
    "wrong-field",
    /\.(?:sleep\.seconds|httpHeaders\[\d+\]\.value|sysctls\[\d+\]\.value|preference)$/,
  ],
  ["invalid-spec", /\.(?:env\[\d+\]\.name|(?:c|initC)ontainers\[\d+\]\.restartPolicy)$/],
];

function isRefusedBefore({ rule, path }: Finding): boolean {
  return REFUSED_BEFORE.some(([name, pattern]) => name === rule && pattern.test(path));
}

/** How lint does beside Kubernetes. */
export interface Score {
  readonly refused: number;
  readonly accepted: number;
  /** Refused templates in which lint finds no error. */
  readonly missed: readonly string[];
  /** Accepted templates in which lint finds an error. */
  readonly wrong: readonly string[];
}

export function scoreOf(rows: readonly JudgedTemplate[]): Score {
  const missed: string[] = [];
  const wrong: string[] = [];
  for (const row of rows) {
    const found = lintErrors(templateOf(row));
    const [error] = row.errors;
    if (error !== undefined) {
      if (found.length === 0) missed.push(`${error} <= ${JSON.stringify(row.edits)}`);
      continue;
    }
    const lies = found.filter((finding) => !isRefusedBefore(finding));
    if (lies.length === 0) continue;
    const texts = lies.map(({ path, text }) => `${path}: ${text}`);
    wrong.push(`${texts.join("; ")} <= ${JSON.stringify(row.edits)}`);
  }
  const refused = rows.filter(({ errors }) => errors.length > 0).length;
  return { refused, accepted: rows.length - refused, missed, wrong };
}
