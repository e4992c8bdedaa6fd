/** Situations in which people ask what a Rollout waits for, made by simulating them. */
import { parse } from "yaml";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { run } from "./fake_terminal.ts";

export interface Situation {
  /** Fields of the spec in YAML, indented by two. */
  readonly spec?: string;
  /** Merged over the steps that the tests share; in YAML's flow style. */
  readonly strategy?: string;
  /** Fields of the pods' spec, in YAML's flow style. */
  readonly template?: string;
  /** The name of a Deployment that holds the template. */
  readonly workload?: string;
  /** More documents. */
  readonly objects?: string;
  /** `10s: set image web web=web:2`. */
  readonly script?: readonly string[];
  readonly untilSeconds: number;
  /** What metrics find, as a file for `--data`; in YAML. */
  readonly data?: string;
  /** What a simulation does not list at its end; in YAML. */
  readonly alsoRead?: string;
  /** The objects are changed before somebody reads them. */
  readonly change?: (object: Record<string, unknown>) => void;
}

const CANARY = "canary: {steps: [{setWeight: 25}, {pause: {}}, {setWeight: 50}, {pause: {}}]}";

function manifest(situation: Situation): string {
  const { spec = "", strategy = CANARY, objects = "", template = "", workload } = situation;
  const pods = template === "" ? "" : `, ${template}`;
  const source = workload === undefined
    ? `  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]${pods}}`
    : `  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: ${workload}}`;
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  replicas: 4
  progressDeadlineSeconds: 60
  strategy: {${strategy}}
${source}
${spec}
---
${objects}`;
}

/** What a simulation of it prints. */
export async function simulated(situation: Situation, ...args: string[]): Promise<string> {
  const { script = [], untilSeconds, data } = situation;
  const { out, err } = await run([
    "simulate",
    "web.yaml",
    ...script.flatMap((line) => ["--do", line]),
    `--until=${untilSeconds}s`,
    ...(data === undefined ? [] : ["--data=data.yaml"]),
    ...args,
  ], {
    files: { "web.yaml": manifest(situation), "data.yaml": data ?? "" },
    clock: systemClock,
  });
  if (out === "") throw new Error(`Cannot simulate: ${err}`);
  return out;
}

/** The objects of a situation, and when it ended. */
export async function endOf(
  situation: Situation,
): Promise<{ items: Record<string, unknown>[]; endSeconds: number }> {
  const { alsoRead, change = () => {} } = situation;
  const text = await simulated(situation, "-o=json", "--objects");
  const { objects: items, endSeconds } = JSON.parse(text) as {
    objects: Record<string, unknown>[];
    endSeconds: number;
  };
  if (alsoRead !== undefined) items.push(parse(alsoRead));
  for (const item of items) change(item);
  return { items, endSeconds };
}

/** The objects of a situation, as `kubectl get -o json` gives them. */
export async function dumpOf(situation: Situation): Promise<string> {
  const { items } = await endOf(situation);
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** What `explain` says about it. */
export async function explained(situation: Situation, ...args: string[]): Promise<string> {
  const files = { "dump.json": await dumpOf(situation) };
  const { code, out, err } = await run(["explain", "web", "-f", "dump.json", ...args], {
    files,
    // One that is not in a hurry: no limit of an inquiry runs out before its answer.
    clock: systemClock,
  });
  if (code !== 0) throw new Error(`Cannot explain: ${err}`);
  return out;
}
