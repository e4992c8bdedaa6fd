import assert from "node:assert/strict";
import { decide } from "../../../core/experiment/mod.ts";
import type { ExperimentStatus } from "../../../sdk/api/experiment.ts";
import { at, NOON_MS, outcomeText, type TemplateShape, worldOf, type WorldShape } from "./world.ts";

const FULL: TemplateShape = { wanted: 1, available: 1 };
const WAITING: TemplateShape = { wanted: 1, status: "Progressing", since: -10 };
const RUNNING: TemplateShape = { ...FULL, status: "Running", since: -10 };
const STARTED: ExperimentStatus = { phase: "Running", availableAt: at(-60) };

interface Row {
  readonly name: string;
  readonly world: WorldShape;
  readonly outcome: string;
  /** Of the template that comes first, or of the whole. */
  readonly message?: string;
  /** Seconds from noon. */
  readonly wakesAt?: number;
  readonly events?: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: "begins with empty sets, and says that it waits",
    world: { templates: [{}, {}] },
    outcome: "Pending: Progressing Progressing; create replicasets trial-a; " +
      "create replicasets trial-b",
    wakesAt: 600,
    events: [
      "Normal TemplateProgressing: Template 'a' transitioned from  -> Progressing",
      "Normal TemplateProgressing: Template 'b' transitioned from  -> Progressing",
      "Normal ExperimentPending: Experiment transitioned from  -> Pending",
    ],
  },
  {
    name: "fills its sets once they are there",
    world: { templates: [{ wanted: 0, replicas: 2, status: "Progressing", since: 0 }] },
    outcome: "Pending: Progressing; size trial-a 2",
    wakesAt: 600,
  },
  {
    name: "makes the Service together with the pods",
    world: { templates: [{ wanted: 0, status: "Progressing", since: 0, service: "wanted" }] },
    outcome: "Pending: Progressing; size trial-a 1; create services trial-a",
  },
  {
    name: "waits with one template for the others",
    world: { templates: [{ ...FULL, status: "Progressing", since: 0 }, WAITING] },
    outcome: "Pending: Running Progressing",
    events: ["Normal TemplateRunning: Template 'a' transitioned from Progressing -> Running"],
  },
  {
    name: "runs once all have their pods",
    world: { spec: { duration: "5m" }, templates: [{ ...WAITING, available: 1 }, RUNNING] },
    outcome: "Running: Running Running",
    wakesAt: 300,
    events: [
      "Normal TemplateRunning: Template 'a' transitioned from Progressing -> Running",
      "Normal ExperimentRunning: Experiment transitioned from Pending -> Running",
    ],
  },
  {
    name: "does not run with pods and without the Service to reach them by",
    world: { templates: [{ ...WAITING, available: 1, service: "wanted" }] },
    outcome: "Pending: Progressing; create services trial-a",
  },
  {
    name: "runs without end when no duration is given",
    world: { status: STARTED, templates: [RUNNING] },
    outcome: "Running: Running",
  },
  {
    name: "is over when its duration is, and keeps the pods for the delay",
    world: { spec: { duration: "1m" }, status: STARTED, templates: [RUNNING, RUNNING] },
    outcome: "Successful: Successful Successful; wait trial-a 30s; wait trial-b 30s",
  },
  {
    name: "is not over a moment before",
    world: { spec: { duration: "61s" }, status: STARTED, templates: [RUNNING] },
    outcome: "Running: Running",
    wakesAt: 1,
  },
  {
    name: "gives up its pods at once without a delay",
    world: {
      spec: { duration: "1m", scaleDownDelaySeconds: 0 },
      status: STARTED,
      templates: [RUNNING],
    },
    outcome: "Successful: Successful; size trial-a 0",
  },
  {
    name: "keeps them until the deadline",
    world: {
      status: { ...STARTED, phase: "Successful" },
      templates: [{ ...RUNNING, status: "Successful", deadline: 10 }],
    },
    outcome: "Successful: Successful",
    wakesAt: 10,
  },
  {
    name: "and gives them up then",
    world: {
      status: { ...STARTED, phase: "Successful" },
      templates: [{ ...RUNNING, status: "Successful", deadline: 0 }],
    },
    outcome: "Successful: Successful; size trial-a 0",
  },
  {
    name: "deletes the Service once nobody can be reached through it",
    world: {
      status: { ...STARTED, phase: "Successful" },
      templates: [
        { wanted: 0, status: "Successful", service: "there", deadline: 0 },
        { wanted: 0, available: 1, status: "Successful", service: "there", deadline: 0 },
      ],
    },
    outcome: "Successful: Successful Successful; delete services trial-a",
  },
  {
    name: "at rest writes nothing",
    world: {
      status: { ...STARTED, phase: "Successful" },
      templates: [{ wanted: 0, status: "Successful", deadline: 0 }],
    },
    outcome: "Successful: Successful",
  },
  {
    name: "is ended by its user while it runs",
    world: { spec: { terminate: true }, status: STARTED, templates: [RUNNING, RUNNING] },
    outcome: "Successful: Successful Successful; wait trial-a 30s; wait trial-b 30s",
  },
  {
    name: "is ended by its user while pods start",
    world: { spec: { terminate: true }, templates: [WAITING] },
    outcome: "Successful: Successful; wait trial-a 30s",
  },
  {
    name: "makes nothing when it is to end before it began",
    world: { spec: { terminate: true }, templates: [{}] },
    outcome: "Successful: Successful",
  },
  {
    name: "fails when pods do not come in time, and ends all templates in the same pass",
    world: { templates: [{ ...WAITING, since: -600 }, RUNNING] },
    outcome: "Failed: Failed Successful; wait trial-a 30s; wait trial-b 30s",
    message: "Template 'a' exceeded its progressDeadlineSeconds (600)",
    events: [
      "Warning TemplateFailed: Template 'a' transitioned from Progressing -> Failed: " +
      "Template 'a' exceeded its progressDeadlineSeconds (600)",
      "Normal TemplateSuccessful: Template 'b' transitioned from Running -> Successful",
      "Warning ExperimentFailed: Experiment transitioned from Pending -> Failed",
    ],
  },
  {
    name: "has a deadline of its own",
    world: { spec: { progressDeadlineSeconds: 9 }, templates: [WAITING] },
    outcome: "Failed: Failed; wait trial-a 30s",
    message: "Template 'a' exceeded its progressDeadlineSeconds (9)",
  },
  {
    name: "does not count a time in which nobody saw the cluster",
    world: { templates: [{ ...WAITING, since: -600 }], unseen: [-100, -5] },
    outcome: "Pending: Progressing",
    wakesAt: 95,
  },
  {
    name: "looks again when the deadline passes",
    world: { templates: [WAITING] },
    outcome: "Pending: Progressing",
    wakesAt: 590,
  },
  {
    name: "pods that are there at the deadline are in time",
    world: { templates: [{ ...WAITING, since: -600, available: 1 }] },
    outcome: "Running: Running",
  },
  {
    name: "waits again for pods that it lost",
    world: { spec: { duration: "5m" }, status: STARTED, templates: [{ ...RUNNING, available: 0 }] },
    outcome: "Pending: Progressing",
    events: [
      "Normal TemplateProgressing: Template 'a' transitioned from Running -> Progressing",
      "Normal ExperimentPending: Experiment transitioned from Running -> Pending",
    ],
  },
  {
    name: "its time goes on meanwhile, and lost pods are not waited for longer than the deadline",
    world: {
      spec: { duration: "1m" },
      status: { ...STARTED, phase: "Pending" },
      templates: [{ ...WAITING, since: -600 }],
    },
    outcome: "Failed: Failed; wait trial-a 30s",
  },
  {
    name: "makes a set again that somebody deleted",
    world: { status: STARTED, templates: [{ status: "Running", since: -10 }] },
    outcome: "Pending: Progressing; create replicasets trial-a",
  },
  {
    name: "makes no set again after the end",
    world: { status: { phase: "Successful" }, templates: [{ status: "Successful" }] },
    outcome: "Successful: Successful",
  },
  {
    name: "mends the size that somebody changed",
    world: { status: STARTED, templates: [{ ...RUNNING, wanted: 3, replicas: 2 }] },
    outcome: "Pending: Progressing; size trial-a 2",
  },
  {
    name: "ends with the truth when its set's name belongs to somebody else",
    world: { templates: [{ isNameTaken: true }, {}] },
    outcome: "Error: Error Successful",
    message: "Failed to create ReplicaSet trial-a for template 'a': " +
      "replicaset trial-a already exists and is not owned by this experiment",
  },
  {
    name: "ends when its Service's name belongs to somebody else",
    world: { templates: [{ ...FULL, status: "Progressing", since: 0, service: "taken" }] },
    outcome: "Error: Error; wait trial-a 30s",
    message: "Failed to create Service trial-a for template 'a': " +
      "service trial-a already exists and is not owned by experiment template a",
  },
  {
    name: "of two failures tells the worse",
    world: {
      templates: [{ isNameTaken: true }, { ...WAITING, since: -600 }],
    },
    outcome: "Failed: Error Failed; wait trial-b 30s",
  },
  {
    name: "is successful at once without any template",
    world: { templates: [] },
    outcome: "Successful: ",
  },
  {
    name: "is content with no pods where none are wanted",
    world: { templates: [{ replicas: 0, wanted: 0, status: "Progressing", since: 0 }] },
    outcome: "Running: Running",
  },
  {
    name: "stays as it ended, whatever becomes of the pods",
    world: {
      spec: { terminate: true },
      status: { phase: "Failed", message: "why" },
      templates: [{ status: "Failed", wanted: 0, since: -90 }, { status: "Successful", wanted: 0 }],
    },
    outcome: "Failed: Failed Successful",
    message: "why",
  },
];

for (const { name, world, outcome, message, wakesAt, events } of ROWS) {
  Deno.test(`an experiment ${name}`, () => {
    const decision = decide(Object.freeze(worldOf(world)));
    assert.equal(outcomeText(decision), outcome);
    if (message !== undefined) {
      assert.equal((decision.status as ExperimentStatus).message, message);
    }
    if (wakesAt !== undefined) assert.equal(decision.wakeAtMs, NOON_MS + wakesAt * 1000);
    if (events === undefined) return;
    const told = decision.events.map((each) => `${each.type} ${each.reason}: ${each.message}`);
    assert.deepEqual(told, events);
  });
}
