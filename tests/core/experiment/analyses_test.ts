import assert from "node:assert/strict";
import { decide } from "../../../core/experiment/mod.ts";
import type { ExperimentSpec, ExperimentStatus } from "../../../sdk/api/experiment.ts";
import { type AnalysisShape, at, outcomeText, type TemplateShape, worldOf } from "./world.ts";

const RUNNING: TemplateShape = { wanted: 1, available: 1, status: "Running", since: -10 };
const LOST: TemplateShape = { wanted: 1, status: "Progressing", since: -10 };
const STARTING: TemplateShape = { wanted: 1, available: 1, status: "Progressing", since: -10 };
const ENDED: TemplateShape = { ...RUNNING, status: "Successful", deadline: 9 };
const GOES_ON: AnalysisShape = { recorded: "Running", run: "Running" };
const GOOD: AnalysisShape = { recorded: "Running", run: "Successful" };
const REQUIRED: AnalysisShape = { isRequired: true };

interface Row {
  readonly name: string;
  readonly template?: TemplateShape;
  readonly analyses: readonly AnalysisShape[];
  readonly spec?: Omit<ExperimentSpec, "templates">;
  /** Default: it runs since a minute. */
  readonly status?: ExperimentStatus;
  readonly outcome: string;
  readonly message?: string;
  readonly events?: readonly string[];
}

const STARTED: ExperimentStatus = { phase: "Running", availableAt: at(-60) };
const OVER = { duration: "1m" };
const DELAY = "; wait trial-a 30s";
const REASON = 'Metric "rate" assessed Failed due to failed (1) > failureLimit (0)';

const ROWS: readonly Row[] = [
  {
    name: "waits with its runs until all pods are available",
    template: LOST,
    status: { phase: "Pending" },
    analyses: [{}],
    outcome: "Pending: Progressing",
  },
  {
    name: "begins no run in the pass that finds all pods available",
    template: STARTING,
    status: { phase: "Pending" },
    analyses: [{}],
    outcome: "Running: Running",
  },
  {
    name: "begins all its runs once it is available",
    template: RUNNING,
    analyses: [{}, REQUIRED],
    outcome: "Running: Running m1=Pending m2=Pending; create analysisruns trial-m1; " +
      "create analysisruns trial-m2",
    events: [
      "Normal AnalysisRunPending: AnalysisRun 'm1' transitioned from  -> Pending",
      "Normal AnalysisRunPending: AnalysisRun 'm2' transitioned from  -> Pending",
    ],
  },
  {
    name: "finds a run that was made, and is not recorded",
    template: RUNNING,
    analyses: [{ run: "new" }],
    outcome: "Running: Running m1=Pending",
  },
  {
    name: "follows a run",
    template: RUNNING,
    analyses: [{ recorded: "Pending", run: "Running" }],
    outcome: "Running: Running m1=Running",
    events: ["Normal AnalysisRunRunning: AnalysisRun 'm1' transitioned from Pending -> Running"],
  },
  {
    name: "goes on to its duration after a run that is not required",
    template: RUNNING,
    analyses: [GOOD],
    outcome: "Running: Running m1=Successful",
  },
  {
    name: "is successful with the last run that is required, and ends the others",
    template: RUNNING,
    analyses: [{ ...GOOD, isRequired: true }, GOES_ON],
    outcome: `Successful: Successful m1=Successful m2=Running; terminate trial-m2${DELAY}`,
    message: "Required AnalysisRuns completed",
    events: [
      "Normal TemplateSuccessful: Template 'a' transitioned from Running -> Successful",
      "Normal AnalysisRunSuccessful: AnalysisRun 'm1' transitioned from Running -> Successful",
      "Normal ExperimentSuccessful: Experiment transitioned from Running -> Successful",
    ],
  },
  {
    name: "waits for each run that is required",
    template: RUNNING,
    analyses: [{ ...GOOD, isRequired: true }, { ...GOES_ON, isRequired: true }],
    outcome: "Running: Running m1=Successful m2=Running",
  },
  ...(["Failed", "Error", "Inconclusive"] as const).map((phase): Row => ({
    name: `ends ${phase} with a run that does, at once`,
    template: RUNNING,
    analyses: [{ recorded: "Running", run: phase, message: REASON }, GOES_ON],
    outcome: `${phase}: Successful m1=${phase} m2=Running; terminate trial-m2${DELAY}`,
    message: REASON,
    events: [
      "Normal TemplateSuccessful: Template 'a' transitioned from Running -> Successful",
      `Warning AnalysisRun${phase}: AnalysisRun 'm1' transitioned from Running -> ${phase}: ` +
      REASON,
      `Warning Experiment${phase}: Experiment transitioned from Running -> ${phase}`,
    ],
  })),
  {
    name: "tells the worst of several runs",
    template: RUNNING,
    analyses: [
      { recorded: "Running", run: "Inconclusive" },
      { recorded: "Running", run: "Failed", message: REASON },
      { recorded: "Running", run: "Error" },
    ],
    outcome: `Failed: Successful m1=Inconclusive m2=Failed m3=Error${DELAY}`,
    message: REASON,
  },
  {
    name: "ends with a bad run also while pods are lost",
    template: LOST,
    status: { ...STARTED, phase: "Pending" },
    analyses: [{ recorded: "Running", run: "Failed", message: REASON }],
    outcome: `Failed: Successful m1=Failed${DELAY}`,
    message: REASON,
  },
  {
    name: "a bad run counts more than one that is required and good",
    template: RUNNING,
    analyses: [{ ...GOOD, isRequired: true }, { recorded: "Running", run: "Error" }],
    outcome: `Error: Successful m1=Successful m2=Error${DELAY}`,
  },
  {
    name: "is over with its duration, and ends what still measures",
    spec: OVER,
    template: RUNNING,
    analyses: [GOES_ON],
    outcome: `Successful: Successful m1=Running; terminate trial-m1${DELAY}`,
  },
  {
    name: "begins no run when its duration is over",
    spec: OVER,
    template: RUNNING,
    analyses: [{}],
    outcome: `Successful: Successful${DELAY}`,
  },
  {
    name: "keeps its answer open for a run that is required, though its pods go",
    spec: OVER,
    template: RUNNING,
    analyses: [{ ...GOES_ON, isRequired: true }],
    outcome: `Running: Successful m1=Running${DELAY}`,
  },
  {
    name: "has that answer later",
    spec: OVER,
    template: ENDED,
    analyses: [{ recorded: "Running", run: "Failed", message: REASON, isRequired: true }],
    outcome: "Failed: Successful m1=Failed",
    message: REASON,
  },
  {
    name: "has a good one likewise",
    spec: OVER,
    template: ENDED,
    analyses: [{ ...GOOD, isRequired: true }],
    outcome: "Successful: Successful m1=Successful",
  },
  {
    name: "takes the result of runs that ended before",
    spec: OVER,
    template: RUNNING,
    analyses: [{ recorded: "Successful", run: "Successful" }],
    outcome: `Successful: Successful m1=Successful${DELAY}`,
  },
  {
    name: "does not judge a run again",
    template: RUNNING,
    analyses: [{ recorded: "Successful", run: "Failed" }],
    outcome: "Running: Running m1=Successful",
  },
  {
    name: "is ended by its user together with its runs",
    spec: { terminate: true },
    template: RUNNING,
    analyses: [GOES_ON],
    outcome: `Successful: Successful m1=Running; terminate trial-m1${DELAY}`,
  },
  {
    name: "tells a run once to end",
    spec: { terminate: true },
    template: RUNNING,
    analyses: [{ ...GOES_ON, isTerminated: true }],
    outcome: `Successful: Successful m1=Running${DELAY}`,
  },
  {
    name: "is ended by its user, and waits for the answer that is required",
    spec: { terminate: true },
    template: RUNNING,
    analyses: [{ ...GOES_ON, isRequired: true }],
    outcome: `Running: Successful m1=Running; terminate trial-m1${DELAY}`,
  },
  {
    name: "does not wait for a required run that never began",
    spec: { terminate: true },
    template: LOST,
    status: { phase: "Pending" },
    analyses: [REQUIRED],
    outcome: `Successful: Successful${DELAY}`,
  },
  {
    name: "fails without its pods, and ends its runs",
    template: { ...LOST, since: -600 },
    analyses: [GOES_ON],
    outcome: `Failed: Failed m1=Running; terminate trial-m1${DELAY}`,
    message: "Template 'a' exceeded its progressDeadlineSeconds (600)",
  },
  {
    name: "makes no pods for an analysis whose template is not there",
    template: {},
    status: {},
    analyses: [{ missing: 'analysistemplate.argoproj.io "rate" not found' }],
    outcome: "Error: Successful m1=Error",
    message: "AnalysisTemplate verification failed for analysis 'm1': " +
      'analysistemplate.argoproj.io "rate" not found',
  },
  {
    name: "ends when the template is gone before the run begins",
    template: RUNNING,
    analyses: [{ missing: 'analysistemplate.argoproj.io "rate" not found' }],
    outcome: `Error: Successful m1=Error${DELAY}`,
    message: "Failed to create AnalysisRun for analysis 'm1': " +
      'analysistemplate.argoproj.io "rate" not found',
  },
  {
    name: "needs the template no more once the run is there",
    template: RUNNING,
    analyses: [{ ...GOES_ON, missing: 'analysistemplate.argoproj.io "rate" not found' }],
    outcome: "Running: Running m1=Running",
  },
  {
    name: "ends when no run can be made of its templates",
    template: RUNNING,
    analyses: [{ problem: "args.host was not resolved" }],
    outcome: `Error: Successful m1=Error${DELAY}`,
    message: "Failed to create AnalysisRun for analysis 'm1': args.host was not resolved",
  },
  {
    name: "says nothing of arguments before they have values",
    template: LOST,
    status: { phase: "Pending" },
    analyses: [{ problem: "failed to resolve {{experiment.availableAt}}" }],
    outcome: "Pending: Progressing",
  },
  {
    name: "ends when somebody deletes a run that goes on",
    template: RUNNING,
    analyses: [{ recorded: "Running" }],
    outcome: `Error: Successful m1=Error${DELAY}`,
    message: "AnalysisRun trial-m1 of analysis 'm1' was deleted before it ended",
  },
  {
    name: "has what it needs of a run that was deleted afterwards",
    spec: OVER,
    template: RUNNING,
    analyses: [{ recorded: "Successful" }],
    outcome: `Successful: Successful m1=Successful${DELAY}`,
  },
  {
    name: "waits without templates for a run that is required",
    analyses: [REQUIRED],
    status: { phase: "Pending" },
    outcome: "Running: ",
  },
  {
    name: "begins it then",
    analyses: [REQUIRED],
    outcome: "Running:  m1=Pending; create analysisruns trial-m1",
  },
  {
    name: "stays as it ended, whatever runs say later",
    template: ENDED,
    status: { ...STARTED, phase: "Failed", message: "why" },
    analyses: [{ recorded: "Running", run: "Successful", isRequired: true }],
    outcome: "Failed: Successful m1=Successful",
    message: "why",
  },
];

for (const { name, template, analyses, spec, status, outcome, message, events } of ROWS) {
  Deno.test(`an experiment with analyses ${name}`, () => {
    const decision = decide(Object.freeze(worldOf({
      ...(spec === undefined ? {} : { spec }),
      status: status ?? STARTED,
      templates: template === undefined ? [] : [template],
      analyses,
    })));
    assert.equal(outcomeText(decision), outcome);
    if (message !== undefined) {
      assert.equal((decision.status as ExperimentStatus).message, message);
    }
    if (events === undefined) return;
    const told = decision.events.map((each) => `${each.type} ${each.reason}: ${each.message}`);
    assert.deepEqual(told, events);
  });
}
