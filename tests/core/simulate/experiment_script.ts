/**
 * Scripts made at random about Rollouts whose steps hold Experiments: what must be true of their
 * course and of the end.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Outcome,
  parseTimedCommand,
  type Scenario,
  ScriptError,
  simulate,
} from "../../../core/simulate/mod.ts";
import { isCompleted } from "../../../core/analysis/mod.ts";
import { controllerOf } from "../../../core/api/ownership.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { Experiment } from "../../../sdk/api/experiment.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout } from "../../../sdk/api/rollout.ts";
import { type Fields, fieldsOf, listOf } from "../../../sdk/wire/json.ts";
import { diceOf, type Face, faces, ONCE, TEMPLATES, templatesOf } from "./measured_script.ts";
import { assertSound, canaryOf, commands, extras, scenarioOf, steps } from "./random_script.ts";
import { assertGivenBack } from "./leaving_script.ts";
import { assertRoutedSound, routedScenario } from "./routed_script.ts";

/** Services that are there from the start. */
const SERVICES = ["active", "canary", "preview", "stable"];
const DEADLINE_SECONDS = 100;

/** What is done, and when; `<experiment>` stands for the newest one of that moment. */
interface Doing {
  readonly atSeconds: number;
  readonly text: string;
}

export interface ExperimentScenario {
  readonly scenario: Scenario;
  readonly doings: readonly Doing[];
  readonly faces: readonly Face[];
}

const analysis = fc.record({
  templateName: fc.constantFrom(...TEMPLATES, ONCE, ONCE),
  requiredForCompletion: fc.boolean(),
}, { requiredKeys: ["templateName"] });

const templateFields = fc.record({
  specRef: fc.constantFrom("stable", "canary"),
  replicas: fc.constantFrom(1, 2),
  service: fc.constant({}),
  metadata: fc.constantFrom({ labels: { role: "trial" } }),
}, { requiredKeys: ["specRef"] });

/** The field `experiment` of a step; only a router can give pods a weight. */
const experimentOf = (isRouted: boolean) =>
  fc.tuple(
    fc.array(
      fc.tuple(templateFields, fc.constantFrom(...(isRouted ? [undefined, 5, 30] : [undefined]))),
      { minLength: 1, maxLength: 2 },
    ),
    fc.array(analysis, { maxLength: 2 }),
    fc.record({
      duration: fc.constantFrom("5s", "30s", "30s", "2m"),
      scaleDownDelaySeconds: fc.constantFrom(0, 5),
    }, { requiredKeys: ["duration"] }),
    fc.integer({ min: 0, max: 9 }),
  ).map(([templates, analyses, fields, chance]): Fields => ({
    templates: templates.map(([template, weight], index) => ({
      name: `t${index}`,
      ...template,
      ...(weight === undefined ? {} : { weight }),
    })),
    ...(analyses.length === 0
      ? {}
      : { analyses: analyses.map((one, index) => ({ name: `a${index}`, ...one })) }),
    ...withoutDuration(fields, chance === 0),
  }));

function withoutDuration({ duration, ...fields }: Fields, isEndless: boolean): Fields {
  return isEndless ? fields : { duration, ...fields };
}

/** Steps with experiments among them. */
const withExperiments = (list: readonly unknown[], isRouted: boolean) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), experimentOf(isRouted)), {
    minLength: 1,
    maxLength: 2,
  }).map((experiments) =>
    experiments.reduce<unknown[]>(
      (steps, [at, experiment]) => steps.toSpliced(at, 0, { experiment }),
      [...list],
    )
  );

/** What people do to experiments and what is theirs. */
const ofExperiments = fc.constantFrom(
  "terminate experiment <experiment>",
  "retry experiment <experiment>",
  "delete experiment/<experiment>",
  "delete experiment/<experiment> --cascade foreground",
  "delete rs/<set>",
  "delete pod/<pod>",
  "delete svc/<service>",
  "terminate analysisrun <run>",
  "delete analysisrun/<run>",
  "delete analysistemplate/once",
);

const doings = fc.tuple(
  fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.oneof(
        { weight: 6, arbitrary: commands },
        { weight: 2, arbitrary: ofExperiments },
        fc.constantFrom(
          "unready web:2",
          "quota 6",
          "quota none",
          "abort web",
          "promote web --full",
        ),
      ),
    ),
    { minLength: 4, maxLength: 14, size: "max" },
  ),
  fc.integer({ min: 0, max: 15 }),
).map(([list, chance]): Doing[] => {
  let atSeconds = 3;
  const timed = [{ atSeconds, text: "set image web web=web:2" }];
  for (const [pause, text] of list) timed.push({ atSeconds: atSeconds += pause, text });
  if (chance < 2) timed.push({ atSeconds: atSeconds + 5, text: "delete rollout web" });
  if (chance === 0) timed.push({ atSeconds: atSeconds + 25, text: "apply again" });
  return timed;
});

/** Containers with a port, as Services need it. */
const TEMPLATE = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }] },
};

function withStrategy(scenario: Scenario, change: (canary: Fields) => Fields): Scenario {
  const rollout = scenario.objects.at(-1) as Rollout;
  const canary = change(fieldsOf(rollout.spec.strategy?.canary));
  const changed = {
    ...rollout,
    spec: { ...rollout.spec, template: TEMPLATE, strategy: { canary } },
  };
  return { ...scenario, objects: [...scenario.objects.slice(0, -1), changed as KubeObject] };
}

const withDoings = (scenarios: fc.Arbitrary<Scenario>): fc.Arbitrary<ExperimentScenario> =>
  fc.tuple(scenarios, doings, faces).map(([scenario, doings, faces]) => ({
    scenario: {
      ...scenario,
      script: [],
      files: new Map([["again", scenario.objects.slice(-1)]]),
      objects: [...templatesOf(), ...scenario.objects],
    },
    doings,
    faces,
  }));

const plain = fc.tuple(steps.chain((list) => withExperiments(list, false)), extras).map((
  [steps, spec],
) => withStrategy(scenarioOf({ strategy: canaryOf({ steps }), spec }, []), (canary) => canary));

/** Routers that can send traffic to more than two places. */
const routed = routedScenario
  .filter(({ objects: [first] }) => first?.kind === "VirtualService")
  .chain((scenario) => {
    const canary = fieldsOf((scenario.objects.at(-1) as Rollout).spec.strategy?.canary);
    return withExperiments(listOf(canary["steps"]), true)
      .map((steps) => withStrategy(scenario, (fields) => ({ ...fields, steps })));
  });

export const EXPERIMENTING = { plain: withDoings(plain), routed: withDoings(routed) };

/** What stands for a name, and the names that it may stand for: the newest one is meant. */
const PLACEHOLDERS: readonly [RegExp, (outcome: Outcome) => readonly KubeObject[]][] = [
  [/<experiment>/, experimentsIn],
  [/<set>/, (outcome) => ofExperiment(outcome, "ReplicaSet")],
  [/<service>/, (outcome) => ofExperiment(outcome, "Service")],
  [/<run>/, ({ objects }) => objects.filter(({ kind }) => kind === "AnalysisRun")],
  [/<pod>/, podsIn],
];

function experimentsIn({ objects }: Outcome): Experiment[] {
  return objects.filter(({ kind }) => kind === "Experiment") as Experiment[];
}

function ofExperiment({ objects }: Outcome, kind: string): KubeObject[] {
  return objects.filter((one) => one.kind === kind && controllerOf(one)?.kind === "Experiment");
}

function podsIn(outcome: Outcome): KubeObject[] {
  const sets = ofExperiment(outcome, "ReplicaSet").map(({ metadata }) => metadata.uid);
  return outcome.objects.filter((one) =>
    one.kind === "Pod" && sets.includes(controllerOf(one)?.uid)
  );
}

/** The command with the name that is meant; undefined when there is none such. */
function named(text: string, outcome: Outcome): string | undefined {
  for (const [pattern, candidates] of PLACEHOLDERS) {
    if (!pattern.test(text)) continue;
    const order = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.name}`;
    const newest = [...candidates(outcome)].sort((a, b) => order(a) < order(b) ? 1 : -1)[0];
    return newest === undefined ? undefined : text.replace(pattern, newest.metadata.name);
  }
  return text;
}

export interface Course {
  readonly outcome: Outcome;
  readonly texts: readonly string[];
  readonly isGone: boolean;
}

/**
 * What a script came to: commands that would be refused are left out. Names are found by playing
 * up to the moment in which they are needed.
 */
export async function playExperiments(
  { scenario, doings, faces }: ExperimentScenario,
): Promise<Course> {
  let texts: string[] = [];
  const play = async (untilMs: number): Promise<Outcome> => {
    for (;;) {
      try {
        return await simulate({ ...scenario, timed: texts.map(parseTimedCommand), untilMs }, {
          plugins: { ...plugins, metricProviders: [diceOf(faces)] },
        });
      } catch (error) {
        const refused = texts.find((text) => error instanceof ScriptError && isAbout(error, text));
        if (refused === undefined) throw error;
        texts = texts.filter((text) => text !== refused);
      }
    }
  };
  for (const { atSeconds, text } of doings) {
    const meant = text.includes("<") ? named(text, await play(atSeconds * 1000)) : text;
    if (meant !== undefined) texts.push(`${atSeconds}s: ${meant}`);
  }
  const outcome = await play(scenario.untilMs);
  return { outcome, texts, isGone: texts.at(-1)?.endsWith("delete rollout web") === true };
}

function isAbout({ message }: ScriptError, timed: string): boolean {
  const [, at, text] = /^([^:]*): (.*)$/.exec(timed) ?? [];
  return message.startsWith(`at ${at} "${text}" was refused`);
}

/** No rule was broken, and nothing of an experiment is left that is not under way. */
export function assertExperimentsSound(
  { outcome, texts, isGone }: Course,
  { scenario }: ExperimentScenario,
): void {
  assertShares(outcome);
  assertStarts(outcome);
  assert.deepEqual(outcome.result.violations, []);
  const isAtRest = outcome.endSeconds < 4000;
  if (isGone) {
    for (const kind of ["Experiment", "ReplicaSet", "Pod", "AnalysisRun"]) {
      assert.deepEqual(outcome.objects.filter((one) => one.kind === kind), [], kind);
    }
    assert.deepEqual(namesOf(outcome, "Service"), SERVICES);
    assertSubsets(outcome);
    assertGivenBack(outcome, scenario);
    return;
  }
  const rollout = outcome.rollouts[0] as Rollout;
  const { status = {} } = rollout;
  const underWay = experimentsIn(outcome).filter(({ status }) => !isCompleted(status?.phase));
  const awaited = String(fieldsOf(status.canary)["currentExperiment"] ?? "");
  const isAwaited = underWay.some(({ metadata }) => metadata.name === awaited);
  if (!isAwaited || status.phase !== "Progressing") {
    if (rollout.spec.strategy?.canary?.trafficRouting === undefined) assertSound(outcome);
    else assertRoutedSound(outcome);
  }
  // Somebody may have begun an old one again: nobody ends it but its own duration.
  const isRetried = outcome.actions.some(({ text }) => text.startsWith("retry experiment"));
  if (!isRetried) {
    const others = underWay.filter(({ metadata }) => metadata.name !== awaited);
    assert.deepEqual(others.map(({ metadata }) => metadata.name), [], "experiments that go on");
  }
  const isOver = status.abort === true || status.stableRS === status.currentPodHash;
  if (isOver && !isRetried) assert.deepEqual(underWay, [], "experiments of an update that is over");
  // Nothing but a measurement, or a container that crashes, goes on for ever.
  const goesOn = underWay.length > 0 || texts.some((text) => text.includes("crash"));
  assert.ok(isAtRest || goesOn, `still at work after ${outcome.endSeconds} s`);
  if (isAtRest) assertNothingLeft(outcome, underWay);
}

function namesOf({ objects }: Outcome, kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name)
    .sort();
}

/** What has ended has no pods, Services, subsets or weight any more. */
function assertNothingLeft(outcome: Outcome, underWay: readonly Experiment[]): void {
  const uids = underWay.map(({ metadata }) => metadata.uid);
  const isOurs = (object: KubeObject) => uids.includes(controllerOf(object)?.uid);
  const left = ofExperiment(outcome, "Service").filter((one) => !isOurs(one));
  assert.deepEqual(left.map(({ metadata }) => metadata.name), [], "Services that are left");
  const kept = ofExperiment(outcome, "ReplicaSet").filter((set) =>
    !isOurs(set) && fieldsOf(set["spec"])["replicas"] !== 0
  );
  assert.deepEqual(kept.map(({ metadata }) => metadata.name), [], "sets that keep pods");
  const owners = outcome.objects.map(({ metadata }) => metadata.uid);
  const orphans = outcome.objects.filter((one) =>
    ["Pod", "ReplicaSet", "AnalysisRun"].includes(one.kind) &&
    !owners.includes(controllerOf(one)?.uid)
  );
  assert.deepEqual(orphans.map(({ metadata }) => metadata.name), [], "objects without an owner");
  if (underWay.length > 0) return;
  const weights = Object.values(outcome.timeline.at(-1)?.routes ?? {});
  for (const each of weights) {
    assert.deepEqual(Object.keys(each).sort(), ["canary", "stable"], "weights that are left");
  }
  assertSubsets(outcome);
}

function assertSubsets({ objects }: Outcome): void {
  for (const rule of objects.filter(({ kind }) => kind === "DestinationRule")) {
    const subsets = listOf(fieldsOf(rule["spec"])["subsets"]).map((one) => fieldsOf(one)["name"]);
    assert.deepEqual(subsets, ["stable", "canary"], "subsets that are left");
  }
}

/** At the end of each instant, only an experiment that runs has a share. */
function assertShares({ timeline, experiments = [] }: Outcome): void {
  for (const [index, { atSeconds, routes = {} }] of timeline.entries()) {
    if (timeline[index + 1]?.atSeconds === atSeconds) continue;
    const shares = Object.values(routes).flatMap((weights) =>
      Object.entries(weights).filter(([name, weight]) =>
        weight > 0 && name !== "stable" && name !== "canary"
      )
    );
    if (shares.length === 0) continue;
    const last = new Map(
      experiments.filter((entry) => entry.atSeconds <= atSeconds)
        .map(({ experiment, phase }) => [experiment, phase]),
    );
    const isRunning = [...last.values()].includes("Running");
    assert.ok(isRunning, `${atSeconds}s: ${JSON.stringify(shares)} of no experiment that runs`);
  }
}

/** Whoever cannot get its pods ends in time. */
function assertStarts(outcome: Outcome): void {
  const { experiments = [], endSeconds } = outcome;
  // One that was deleted stands in the timeline as it was last seen.
  const names = namesOf(outcome, "Experiment");
  for (const name of names) {
    const own = experiments.filter(({ experiment }) => experiment === name);
    const last = own.at(-1);
    if (last?.phase !== "Pending") continue;
    const since = own.findLast(({ phase }) => phase !== "Pending")?.atSeconds ?? 0;
    const begun = own.find(({ atSeconds }) => atSeconds >= since)?.atSeconds ?? 0;
    assert.ok(
      endSeconds - begun <= DEADLINE_SECONDS + 40,
      `${name} is Pending since ${begun}s at ${endSeconds}s`,
    );
  }
}
