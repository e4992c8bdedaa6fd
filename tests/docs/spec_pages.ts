/** The pages of docs/spec: every field of a kind, from the schemas. */
import { type FieldRow, fieldRows } from "../../core/api/schema/field_rows.ts";
import { type Kind, KINDS } from "../../core/api/schema/kinds.ts";

export interface Page {
  /** `docs/spec/rollout.md` */
  readonly path: string;
  readonly text: string;
}

const INTRODUCTIONS: Readonly<Record<string, string>> = {
  Rollout: "A workload whose updates go on in measured steps.",
  Experiment: "Sets of pods that run side by side for a time, with analyses that compare them.",
  AnalysisTemplate:
    "Metrics, and what they must be, for Rollouts and Experiments of its namespace.",
  ClusterAnalysisTemplate:
    "The same as an [AnalysisTemplate](analysistemplate.md), for every namespace.",
  AnalysisRun: "Metrics being measured. Rollouts and Experiments make runs out of templates.",
};

/** All pages, with the list of them. */
export function specPages(): Page[] {
  const pages = KINDS.map((kind) => ({ path: pathOf(kind), text: pageOf(kind) }));
  return [{ path: "docs/spec/README.md", text: listOfPages() }, ...pages];
}

function pathOf({ singular }: Kind): string {
  return `docs/spec/${singular}.md`;
}

const GENERATED =
  "<!-- Written by `deno task docs:update` from core/api/schema: edit it there. -->";

function listOfPages(): string {
  const lines = KINDS.map((kind) =>
    `- [${kind.type.kind}](${kind.singular}.md): ${INTRODUCTIONS[kind.type.kind]}`
  );
  return [
    GENERATED,
    "",
    "# The five kinds",
    "",
    "All belong to the API group `argoproj.io/v1alpha1`. `sluice manifests --crds` prints their",
    "definitions.",
    "",
    ...lines,
    "",
  ].join("\n");
}

function pageOf(kind: Kind): string {
  const { type, shortName, hasStatusSubresource, scale } = kind;
  const scope = type.namespaced ? "namespaced" : "cluster-wide";
  const subresources = [
    ...(hasStatusSubresource ? ["`status`"] : []),
    ...(scale === undefined ? [] : ["`scale`"]),
  ];
  return [
    GENERATED,
    "",
    `# ${type.kind}`,
    "",
    INTRODUCTIONS[type.kind],
    "",
    `\`${type.plural}.${type.group}/${type.version}\`, short name \`${shortName}\`, ${scope}` +
    `${subresources.length === 0 ? "" : `, with the subresources ${subresources.join(" and ")}`}.`,
    "",
    "In paths `[]` is an item of a list, `{}` a key of a map of one's own. A field in bold is",
    "required where its surroundings are there.",
    "",
    ...sectionsOf(fieldRows(kind)),
  ].join("\n");
}

function sectionsOf(rows: readonly FieldRow[]): string[] {
  return ["spec", "status"].flatMap((part) => {
    const below = rows.filter(({ path }) => path.startsWith(`${part}.`));
    if (below.length === 0) return [];
    const heading = part === "spec" ? "Spec" : "Status";
    return [
      `## ${heading}`,
      "",
      "| field | type | unit, range | default | meaning |",
      "| --- | --- | --- | --- | --- |",
      ...below.map((row) => rowText(row, part)),
      "",
    ];
  });
}

function rowText(row: FieldRow, part: string): string {
  const name = `\`${row.path.slice(part.length + 1)}\``;
  const measure = [row.unit, row.range].filter((text) => text !== undefined).join("; ");
  const cells = [
    row.isRequired ? `**${name}**` : name,
    row.type,
    measure,
    row.default ?? "",
    row.meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
