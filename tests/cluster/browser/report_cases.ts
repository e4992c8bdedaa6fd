/** Updates of every kind, played in virtual time, for the page that tells of them. */
import { readManifests } from "../../../core/api/manifest/mod.ts";
import {
  MetricData,
  parseStepSeries,
  parseTimedCommand,
  type ShownOutcome,
  shownOutcome,
  simulate,
  UNTIL_DEFAULT_MS,
} from "../../../core/simulate/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import analysis from "../../../docs/examples/analysis/web.yaml" with { type: "text" };
import web from "../../../docs/examples/web.yaml" with { type: "text" };
import workload from "../../../docs/examples/from-deployment.yaml" with { type: "text" };

/** One update, and what there is to be seen of it. */
export interface ReportCase {
  readonly name: string;
  /** What `-o json` gives of it. */
  readonly shown: ShownOutcome;
}

const SEEDS = new URL("../../fixtures/seeds/", import.meta.url);

/** Measurements that fail until a time, and succeed from then on. */
class FailingFirst extends MetricData {
  readonly #untilMs: number;

  constructor(untilMs: number) {
    super([], new Map(), STEPS);
    this.#untilMs = untilMs;
  }

  override find({ atMs }: Parameters<MetricData["find"]>[0]): ReturnType<MetricData["find"]> {
    return { is: "verdict", phase: atMs < this.#untilMs ? "Failed" : "Successful" };
  }
}

const STEPS = parseStepSeries({
  "example.com/approval": [
    { phase: "Running", message: "waiting for <b>jo</b> & co" },
    { at: "90s", phase: "Successful", message: "approved" },
  ],
});

async function play(
  name: string,
  text: string,
  commands: readonly string[],
  failUntilMs = 0,
): Promise<ReportCase> {
  const { documents } = readManifests({ file: `${name}.yaml`, text });
  const scenario = {
    objects: documents.map(({ object }) => object),
    script: [],
    timed: commands.map(parseTimedCommand),
    files: new Map(),
    untilMs: UNTIL_DEFAULT_MS,
    seed: 1,
  };
  const outcome = await simulate(scenario, { plugins, metricData: new FailingFirst(failUntilMs) });
  return { name, shown: shownOutcome(outcome, { isWhole: false }) };
}

interface Line {
  readonly t: number;
  readonly do?: string;
}

/** A recorded case, as far as commands of a script say what was done. */
async function seed(folder: string): Promise<ReportCase> {
  const read = (file: string) => Deno.readTextFile(new URL(`${folder}/${file}`, SEEDS));
  const manifests = await read("manifests.yaml");
  const lines = JSON.parse(await read("script.json")) as Line[];
  const rollout = /kind: Rollout\nmetadata:\n(?: {2}.*\n)*? {2}name: (\S+)/.exec(manifests)?.[1];
  const done = lines.flatMap(({ t, do: text }) => text === undefined ? [] : [{ t, text }]);
  const commands = done.filter(({ text }) => !/^(apply|create) /.test(text)).map(({ t, text }) => {
    const [, color] = /^set image deployment \S+ (\S+)$/.exec(text) ?? [];
    const told = color === undefined
      ? text === "delete rollout" ? `delete rollout/${rollout}` : text
      : `set image ${rollout} *=argoproj/rollouts-demo:${color}`;
    return `${t}s: ${told}`;
  });
  const retried = done.find(({ text }) => text.startsWith("retry"))?.t ?? 0;
  return await play(folder, manifests, commands, retried * 1000);
}

/** Ten weights with a pause after each. */
function tenSteps(pause: string): string {
  const steps = Array.from(
    { length: 10 },
    (_, index) => `{setWeight: ${(index + 1) * 10}}, {pause: {duration: ${pause}}}`,
  );
  return rolloutOf(`canary: {steps: [${steps.join(", ")}]}`);
}

function rolloutOf(strategy: string): string {
  return `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop}
spec:
  replicas: 10
  selector: {matchLabels: {app: shop}}
  strategy: {${strategy}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: main, image: "registry.example/shop:1"}]}
`;
}

const UPDATE = "10s: set image shop main=registry.example/shop:2";

/** Each of them, played when it is asked for. */
export function* reportCases(): Generator<() => Promise<ReportCase>> {
  for (const { name } of [...Deno.readDirSync(SEEDS)].sort((a, b) => a.name < b.name ? -1 : 1)) {
    if (/^(0[1-9]|10)-/.test(name)) yield () => seed(name);
  }
  yield () => play("ten steps of 30 minutes", tenSteps("30m"), [UPDATE]);
  yield () =>
    play("ten steps, promoted by hand and aborted", tenSteps("10m"), [
      UPDATE,
      ...Array.from({ length: 7 }, (_, index) => `${20 + index * 7}s: promote shop`),
      "66s: abort shop",
    ]);
  yield () =>
    play("an image that crashes, overtaken", web, [
      "5s: crash registry.example/web:2",
      "10s: set image web web=registry.example/web:2",
      "25s: set image web web=registry.example/web:3",
      "40s: delete-pod web/oldest",
      "60s: promote web",
    ]);
  yield () =>
    play(
      "a step plugin",
      rolloutOf(
        "canary: {steps: [{setWeight: 20}, {plugin: {name: example.com/approval}}, {setWeight: 60}]}",
      ),
      [UPDATE],
    );
  yield () =>
    play("an analysis in the background", analysis, [
      "10s: set image web web=registry.example/web:2",
    ], 60_000);
  yield () =>
    play("a Deployment that is taken over", workload, [
      "30s: set image web web=registry.example/web:2",
    ]);
  yield () =>
    play("names that are markup", rolloutOf("canary: {steps: [{setWeight: 50}, {pause: {}}]}"), [
      `10s: set image shop main=registry.example/<script>alert(1)</script>"'&amp;:2`,
    ]);
  yield () => play("two Rollouts", `${web}---${rolloutOf("canary: {}")}`, [UPDATE]);
}
