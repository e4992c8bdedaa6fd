/**
 * The runs of the Rollouts: which of them a pass looks at, what is asked about them, and which run
 * each analysis would be started with, of the templates as they are.
 */
import type { AnalysisRun, DryRunRule, RetentionRule } from "../../../sdk/api/analysis.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type FieldError, invalid } from "../../../sdk/wire/field_error.ts";
import { placeOf } from "../../../sdk/wire/field_place.ts";
import { fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import {
  areTemplatesReadable,
  freeName,
  isCompleted,
  isSameRun,
  newRun,
  templateFinder,
  templateNeeds,
  templateSources,
} from "../../analysis/mod.ts";
import {
  INSTANCE_ID_LABEL,
  POD_TEMPLATE_HASH_LABEL,
  REVISION_ANNOTATION,
  ROLLOUT_TYPE_LABEL,
  STEP_INDEX_LABEL,
} from "../../api/names/names.ts";
import { ANALYSIS_RUNS, ROLLOUTS } from "../../api/names/resources.ts";
import { controllerOf, controllerTerms, isControlledBy } from "../../api/ownership.ts";
import { collectTemplates } from "../../api/validation/analysis_templates.ts";
import { type RolloutAnalysis, templateReferences } from "../../api/validation/references.ts";
import type { ReferenceErrors } from "../../api/validation/validate_services.ts";
import { validateTemplateReferences } from "../../api/validation/validate_template_references.ts";
import {
  type Answers,
  type CacheReader,
  type GetQuestion,
  type Inquiry,
  keyOf,
  type Need,
  type Source,
} from "../../engine/mod.ts";
import { hashOf, type ReplicaSet, revisionOf } from "../../sets/mod.ts";
import { resolveArguments } from "./arguments.ts";
import type { AnalysisFacts, Draft } from "./facts.ts";
import { recordsIn, runName, type RunRecord, type RunType } from "./runs.ts";
import { analysesIn, TEMPLATE_USER } from "./templates.ts";

/** Index of AnalysisRuns by the uid of their controller. */
const BY_OWNER = "owner of an analysis run";
const GET_DEADLINE_MS = 10_000;
/** How often the cluster is asked for a run that no cache has. */
const GET_AGE_MS = 5_000;

/** The revision that runs are about. */
export interface Revision {
  /** Hash of the newest set. */
  readonly hash: string;
  readonly number: number;
}

/** The revision of the newest set, as it is once it has its number. */
export function revisionFacts(next: ReplicaSet, sets: readonly ReplicaSet[]): Revision {
  const others = sets.filter((set) => set !== next).map(revisionOf);
  return { hash: hashOf(next), number: Math.max(revisionOf(next), Math.max(0, ...others) + 1) };
}

/** The drafts of a pass, and what is wrong with the analyses. */
export interface Drafts {
  readonly drafts: AnalysisFacts["drafts"];
  readonly problem: FieldError | undefined;
}

/** Runs and templates: none is listed before a Rollout names an analysis. */
export function analysisSources(): Source[] {
  return [
    {
      type: ANALYSIS_RUNS,
      isOnDemand: true,
      prepare: (store) => store.addIndex(BY_OWNER, controllerTerms),
      wakes: (run) => {
        const owner = controllerOf(run);
        return owner?.kind === ROLLOUTS.kind ? [keyOf(run.metadata.namespace, owner.name)] : [];
      },
    },
    ...templateSources(TEMPLATE_USER),
  ];
}

/** What a pass over this Rollout reads for its analyses. */
export function analysisNeeds(rollout: Rollout, caches: CacheReader): Need[] {
  const recorded = recordsOf(rollout);
  if (recorded.length === 0 && analysesIn(rollout).length === 0) return [];
  const { namespace } = rollout.metadata;
  const refs = recorded.map(({ name }) => namespace === undefined ? { name } : { namespace, name });
  return [{ type: ANALYSIS_RUNS, refs }, ...templateNeeds(TEMPLATE_USER, rollout, caches)];
}

/** A run that the status records as going on, and that no cache has: is it gone? */
export function analysisInquiries(rollout: Rollout, caches: CacheReader): Inquiry[] {
  return recordsOf(rollout).filter((record) => isMissing(rollout, record, caches))
    .map(({ name }) => {
      const { namespace } = rollout.metadata;
      const ref = namespace === undefined ? { name } : { namespace, name };
      const question: GetQuestion = { kind: "get", type: ANALYSIS_RUNS, ref };
      return { id: getId(name), question, deadlineMs: GET_DEADLINE_MS, maxAgeMs: GET_AGE_MS };
    });
}

/** What is known of the runs; their drafts come from elsewhere. */
export function runFacts(
  rollout: Rollout,
  { caches, answers }: { caches: CacheReader; answers: Answers },
): Omit<AnalysisFacts, "drafts"> {
  const runs = [...runsOf(rollout, caches)];
  const gone: string[] = [];
  for (const record of recordsOf(rollout)) {
    const holder = caches.of(ANALYSIS_RUNS).get(rollout.metadata.namespace, record.name);
    if (holder !== undefined && !isControlledBy(holder, rollout)) gone.push(record.name);
    const answer = answers.get(getId(record.name));
    if (answer?.state !== "answered" || !isMissing(rollout, record, caches)) continue;
    const run = answer.value as AnalysisRun | null;
    if (run === null || !isControlledBy(run, rollout)) gone.push(record.name);
    else runs.push(run);
  }
  return { runs: runs.sort(newestFirst), gone };
}

/** What is wrong with the templates: first what is not there. */
export function templateErrors(rollout: Rollout, caches: CacheReader): ReferenceErrors[] {
  const find = templateFinder(rollout.metadata.namespace, caches);
  return analysesIn(rollout).map((analysis) =>
    unreadable(analysis, caches) ?? validateTemplateReferences(analysis, find)
  );
}

/** Nothing can be said of templates that may not be read. */
function unreadable(
  { analysis, location }: RolloutAnalysis,
  caches: CacheReader,
): ReferenceErrors | undefined {
  const at = [...location, "templates"];
  const references = templateReferences(analysis["templates"], at);
  if (areTemplatesReadable(references, caches)) return undefined;
  const names = references.map(({ name }) => name).join(" ");
  const detail = "the controller may not list these templates, nor read those it needs";
  return {
    missing: [invalid(placeOf(at), `templateNames: [${names}]`, { detail })],
    wrong: [],
  };
}

/** The runs that analyses would be started with now. */
export function draftsOf(
  rollout: Rollout,
  revision: Revision | undefined,
  caches: CacheReader,
): Drafts {
  const drafts: Partial<Record<RunType, Draft>> = {};
  if (revision === undefined) return { drafts, problem: undefined };
  for (const analysis of analysesIn(rollout)) {
    const runType = runTypeOf(analysis);
    const stepIndex = analysis.location[4];
    const isLater = runType === "Step" && stepIndex !== rollout.status?.currentStepIndex;
    if (isLater || listOf(analysis.analysis["templates"]).length === 0) continue;
    const draft = draftOf(rollout, { ...analysis, runType, revision, caches });
    if ("detail" in draft) return { drafts: {}, problem: draft };
    drafts[runType] = draft;
  }
  return { drafts, problem: undefined };
}

function runTypeOf({ use, location }: RolloutAnalysis): RunType {
  if (use === "step") return "Step";
  if (use === "background") return "Background";
  return location.at(-1) === "prePromotionAnalysis" ? "PrePromotion" : "PostPromotion";
}

function draftOf(
  rollout: Rollout,
  { analysis, location, runType, revision, caches }: RolloutAnalysis & {
    readonly runType: RunType;
    readonly revision: Revision;
    readonly caches: CacheReader;
  },
): Draft | FieldError {
  const { metadata: { name, namespace }, status } = rollout;
  const at = [...location, "templates"];
  const references = templateReferences(analysis["templates"], at);
  const { templates, clusterTemplates } = collectTemplates(
    references,
    templateFinder(rollout.metadata.namespace, caches),
  );
  const args = resolveArguments(analysis["args"], {
    rollout,
    latestHash: revision.hash,
    stableHash: status?.stableRS ?? "",
  });
  if (args.error !== undefined) {
    const names = listOf(analysis["args"]).map((argument) => textOf(fieldsOf(argument)["name"]));
    const value = `args: [${names.join(" ")}]`;
    return invalid(placeOf([...location, "args"]), value, { detail: args.error });
  }
  const stepIndex = runType === "Step" ? Number(location[4]) : undefined;
  const base = runName(
    { rollout: name, hash: revision.hash, revision: revision.number },
    runType,
    stepIndex,
  );
  const made = newRun({
    name: base,
    namespace,
    owner: rollout,
    ...labelsAndAnnotations(rollout, { analysis, runType, revision, stepIndex }),
    templates,
    clusterTemplates,
    args: args.value,
    dryRun: listOf(analysis["dryRun"]) as DryRunRule[],
    measurementRetention: listOf(analysis["measurementRetention"]) as RetentionRule[],
  });
  if (made.error !== undefined) {
    const names = references.map((reference) => reference.name).join(" ");
    return invalid(placeOf(at), `templateNames: [${names}]`, { detail: made.error });
  }
  return named(made.value, caches);
}

/** With a name that is free; a run that is the same, and goes on, keeps its own. */
function named(run: AnalysisRun, caches: CacheReader): Draft {
  const { name, namespace } = run.metadata;
  const holderOf = (taken: string) =>
    caches.of(ANALYSIS_RUNS).get(namespace, taken) as AnalysisRun | undefined;
  let present: AnalysisRun | undefined;
  const free = freeName(name, (taken) => {
    const holder = holderOf(taken);
    if (holder === undefined) return false;
    if (!isSameRun(holder, run) || holder.spec.terminate === true) return true;
    present = holder;
    return false;
  });
  const renamed = { ...run, metadata: { ...run.metadata, name: free } };
  return present === undefined ? { run: renamed } : { run: renamed, present };
}

function labelsAndAnnotations(
  { metadata: { labels }, spec: { selector } }: Rollout,
  { analysis, runType, revision, stepIndex }: {
    analysis: Record<string, unknown>;
    runType: RunType;
    revision: Revision;
    stepIndex: number | undefined;
  },
): { labels: Record<string, string>; annotations: Record<string, string> } {
  const own = fieldsOf(analysis["analysisRunMetadata"]);
  const instance = labels?.[INSTANCE_ID_LABEL];
  return {
    labels: {
      [POD_TEMPLATE_HASH_LABEL]: revision.hash,
      [ROLLOUT_TYPE_LABEL]: runType,
      ...(stepIndex === undefined ? {} : { [STEP_INDEX_LABEL]: String(stepIndex) }),
      ...(instance === undefined ? {} : { [INSTANCE_ID_LABEL]: instance }),
      ...fieldsOf(own["labels"]) as Record<string, string>,
      ...selector?.matchLabels,
    },
    annotations: {
      [REVISION_ANNOTATION]: String(revision.number),
      ...fieldsOf(own["annotations"]) as Record<string, string>,
    },
  };
}

function recordsOf({ status }: Rollout): RunRecord[] {
  return Object.values(recordsIn(status ?? {}));
}

/** True for a run that was seen to go on, and that no cache has. */
function isMissing(rollout: Rollout, { name, status }: RunRecord, caches: CacheReader): boolean {
  if (status === "" || isCompleted(status)) return false;
  return caches.of(ANALYSIS_RUNS).get(rollout.metadata.namespace, name) === undefined;
}

/** All AnalysisRuns that a Rollout owns. */
export function runsOf(
  { metadata: { uid } }: Rollout,
  caches: CacheReader,
): readonly AnalysisRun[] {
  if (uid === undefined) return [];
  return caches.of(ANALYSIS_RUNS).byIndex(BY_OWNER, uid) as readonly AnalysisRun[];
}

function getId(name: string): string {
  return `analysis run ${name}`;
}

function newestFirst(one: AnalysisRun, other: AnalysisRun): number {
  const order = ({ metadata: { creationTimestamp, name } }: AnalysisRun) =>
    `${creationTimestamp} ${name}`;
  return order(one) < order(other) ? 1 : -1;
}
