/** One pass over an Experiment, decided from a snapshot. */
import type {
  ExperimentCondition,
  ExperimentStatus,
  TemplateStatus,
} from "../../sdk/api/experiment.ts";
import type { EventDraft } from "../../sdk/wire/write.ts";
import { isCompleted } from "../analysis/mod.ts";
import { CONDITION_REASON, EXPERIMENT_CONDITION, EXPERIMENT_EVENT } from "../api/names/names.ts";
import { findCondition, setCondition } from "../api/values/conditions.ts";
import { parseGoDuration } from "../api/values/durations.ts";
import { timeMs, timestampRoundedUp } from "../api/values/time.ts";
import type { Decision } from "../engine/mod.ts";
import { wantedPods } from "../sets/mod.ts";
import {
  type AnalysisOutcome,
  analysisOutcomes,
  isAnyBad,
  runStatuses,
  runWrites,
} from "./analysis_status.ts";
import { areRequiredSuccessful, phaseOf, type PhaseStatement } from "./phase.ts";
import { serviceCreations, serviceDeletions } from "./service_writes.ts";
import { endDeadlineMs, endedSetWrites, openSetWrites } from "./set_writes.ts";
import { isFinal, progressDeadlineMs, statusBefore, templateStatus } from "./template_status.ts";
import type { ExperimentWorld, TemplateFacts } from "./world.ts";

/** What a pass makes of its snapshot, before anything is written. */
interface Course {
  readonly templates: readonly TemplateStatus[];
  readonly analyses: readonly AnalysisOutcome[];
  /** No run begins any more, and those that go on end. */
  readonly isEnded: boolean;
  readonly statement: PhaseStatement;
  readonly availableAt: string | undefined;
  /** The templates whose pods are to go. */
  readonly ended: readonly TemplateFacts[];
  /** The templates that go on. */
  readonly open: readonly TemplateFacts[];
}

export function decide(world: ExperimentWorld): Decision {
  if (world.invalid !== undefined) return refused(world, world.invalid);
  const course = courseOf(world);
  const { open, ended } = course;
  const status = statusOf(world, course);
  const wakeAtMs = wakeTimeMs(world, course);
  return {
    effects: [
      ...openSetWrites(world, open),
      ...serviceCreations(world, open),
      ...runWrites(course.analyses, course.isEnded),
      ...endedSetWrites(world, ended),
      ...serviceDeletions(world, ended),
    ],
    status: { ...status },
    events: eventsOf(world, course),
    ...(wakeAtMs === undefined ? {} : { wakeAtMs }),
    why: whyOf(course),
  };
}

function courseOf(world: ExperimentWorld): Course {
  const { phase: before } = world.experiment.status ?? {};
  const isAsked = world.experiment.spec.terminate === true || isCompleted(before);
  const heard = analysisOutcomes(world, { isTerminating: isAsked });
  const first = templateStatuses(world, isAsked);
  const isTerminating = isAsked || isAnyBad(heard) || areRequiredSuccessful(heard) ||
    first.some(({ status }) => status === "Failed" || status === "Error");
  const last = isTerminating ? templateStatuses(world, true) : first;
  const templates = first.map((status, index) =>
    isFinal(status.status) ? status : last[index] as TemplateStatus
  );
  const course = courseWith(world, { templates, analyses: heard, isTerminating });
  if (!course.isEnded) return course;
  // What would have begun in this pass does not.
  const analyses = heard.filter(({ phase, newRun }) => phase !== "" && newRun === undefined);
  return courseWith(world, { templates, analyses, isTerminating });
}

function templateStatuses(world: ExperimentWorld, isTerminating: boolean): TemplateStatus[] {
  const endMs = endTimeMs(world);
  const isOver = endMs !== undefined && endMs <= world.nowMs;
  return world.templates.map((facts) => templateStatus(world, facts, { isOver, isTerminating }));
}

function courseWith(
  { experiment, templates: facts, nowMs }: ExperimentWorld,
  { templates, analyses, isTerminating }: {
    templates: readonly TemplateStatus[];
    analyses: readonly AnalysisOutcome[];
    isTerminating: boolean;
  },
): Course {
  const { phase: before, message, availableAt } = experiment.status ?? {};
  const statement = isCompleted(before) ? { phase: before, message } : phaseOf(templates, analyses);
  const isEnded = isTerminating || isCompleted(statement.phase);
  const hasEnded = (index: number) => isEnded || isFinal(templates[index]?.status);
  return {
    templates,
    analyses,
    isEnded,
    statement,
    // Rounded up: the duration is never shorter than asked for.
    availableAt: availableAt ??
      (statement.phase === "Running" ? timestampRoundedUp(nowMs) : undefined),
    ended: facts.filter((_, index) => hasEnded(index)),
    open: facts.filter((_, index) => !hasEnded(index)),
  };
}

/** When the duration is over; undefined: it has no end, or has not begun. */
function endTimeMs({ experiment: { spec, status } }: ExperimentWorld): number | undefined {
  const sinceMs = timeMs(status?.availableAt);
  const durationMs = parseGoDuration(spec.duration ?? "");
  return sinceMs === undefined || durationMs === undefined ? undefined : sinceMs + durationMs;
}

function statusOf(world: ExperimentWorld, course: Course): ExperimentStatus {
  const { templates, statement, availableAt } = course;
  const { phase, message } = statement;
  const analysisRuns = runStatuses(course.analyses);
  return {
    phase,
    ...(message === undefined || message === "" ? {} : { message }),
    ...(availableAt === undefined ? {} : { availableAt }),
    conditions: [...conditionsOf(world, statement)],
    ...(templates.length === 0 ? {} : { templateStatuses: [...templates] }),
    ...(analysisRuns.length === 0 ? {} : { analysisRuns }),
  };
}

/** How far it is; what failed leaves the condition as it is. */
function conditionsOf(
  { experiment, nowMs }: ExperimentWorld,
  { phase }: PhaseStatement,
): readonly ExperimentCondition[] {
  const { name } = experiment.metadata;
  const before = (experiment.status?.conditions ?? []).filter(({ type }) => type !== "InvalidSpec");
  const say = (status: "True" | "False", reason: string, message: string) =>
    setCondition(before, { type: "Progressing", status, reason, message }, { nowMs });
  if (phase === "Successful") {
    return say("False", "ExperimentCompleted", EXPERIMENT_CONDITION.completed(name));
  }
  if (phase === "Pending") {
    return say("True", CONDITION_REASON.replicaSetUpdated, EXPERIMENT_CONDITION.progressing(name));
  }
  if (phase === "Running") {
    return say("True", CONDITION_REASON.newReplicaSetAvailable, EXPERIMENT_CONDITION.running(name));
  }
  return before;
}

/** A spec that cannot be carried out changes nothing but the condition that says so. */
function refused({ experiment, nowMs }: ExperimentWorld, message: string): Decision {
  const { status } = experiment;
  const before = status?.conditions ?? [];
  const isNew = findCondition(before, "InvalidSpec")?.message !== message;
  const saying = {
    type: "InvalidSpec",
    status: "True",
    reason: CONDITION_REASON.invalidSpec,
    message,
  } as const;
  const conditions = [...setCondition(before, saying, { nowMs, refresh: isNew })];
  return { effects: [], status: { ...status, conditions }, events: [], why: message };
}

function eventsOf(
  world: ExperimentWorld,
  { templates, analyses, statement }: Course,
): EventDraft[] {
  const ofTemplates = templates.flatMap(({ name, status: to, message }) => {
    const from = statusBefore(world, name)?.status ?? "";
    if (to === undefined || from === to) return [];
    return [EXPERIMENT_EVENT.template({ name, from, to, message })];
  });
  const ofRuns = analyses.flatMap(({ facts, phase: to, message }) => {
    const from = facts.recorded?.phase ?? "";
    if (to === "" || from === to) return [];
    return [EXPERIMENT_EVENT.analysisRun({ name: facts.analysis.name, from, to, message })];
  });
  const changes = [...ofTemplates, ...ofRuns];
  const from = world.experiment.status?.phase ?? "";
  const { phase } = statement;
  return from === phase ? changes : [...changes, EXPERIMENT_EVENT.experiment(from, phase)];
}

/** When the clock alone changes something. */
function wakeTimeMs(world: ExperimentWorld, course: Course): number | undefined {
  const { templates, availableAt, statement, ended } = course;
  const isOpen = !isCompleted(statement.phase);
  const { experiment } = world;
  const started = { ...world, experiment: { ...experiment, status: { availableAt } } };
  const times = [
    endDeadlineMs(ended),
    ...(isOpen ? [endTimeMs(started as ExperimentWorld)] : []),
    ...(isOpen ? templates.map((status) => progressDeadlineMs(world, status)) : []),
  ].filter((ms) => ms !== undefined && ms > world.nowMs) as number[];
  return times.length === 0 ? undefined : Math.min(...times);
}

function whyOf({ templates, analyses, statement, ended }: Course): string {
  const { phase, message = "" } = statement;
  const named = (list: readonly { readonly name: string }[]) =>
    list.map(({ name }) => name).join(", ");
  if (phase === "Pending") {
    return `waiting for the pods of ${named(templates.filter((one) => !isFinal(one.status)))}`;
  }
  if (phase === "Running") {
    if (templates.every(({ status }) => status === "Running")) return "all pods are available";
    return `waiting for ${named(runStatuses(analyses))}, which is required`;
  }
  const keeps = ended.filter(({ set }) => wantedPods(set) > 0).map(({ template }) => template);
  const because = message === "" ? "" : ` (${message})`;
  const pods = keeps.length === 0 ? "" : `; the pods of ${named(keeps)} go`;
  return `the experiment is ${phase}${because}${pods}`;
}
