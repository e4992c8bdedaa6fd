/** Situations in which people ask what a Rollout waits for, made by simulating them. */
import { parse } from "yaml";
import { run } from "./fake_terminal.ts";

export interface Situation {
  /** Fields of the spec in YAML, indented by two. */
  readonly spec?: string;
  /** Merged over the steps that the tests share; in YAML's flow style. */
  readonly strategy?: string;
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

function manifest({ spec = "", strategy = CANARY, objects = "" }: Situation): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  replicas: 4
  progressDeadlineSeconds: 60
  strategy: {${strategy}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
${spec}
---
${objects}`;
}

/** The objects of a situation, as `kubectl get -o json` gives them. */
export async function dumpOf(situation: Situation): Promise<string> {
  const { script = [], untilSeconds, data, alsoRead, change = () => {} } = situation;
  const { out, err } = await run([
    "simulate",
    "web.yaml",
    ...script.flatMap((line) => ["--do", line]),
    `--until=${untilSeconds}s`,
    "-o=json",
    "--objects",
    ...(data === undefined ? [] : ["--data=data.yaml"]),
  ], { files: { "web.yaml": manifest(situation), "data.yaml": data ?? "" } });
  if (out === "") throw new Error(`Cannot simulate: ${err}`);
  const { objects: items } = JSON.parse(out) as { objects: Record<string, unknown>[] };
  if (alsoRead !== undefined) items.push(parse(alsoRead));
  for (const item of items) change(item);
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

/** What `explain` says about it. */
export async function explained(situation: Situation, ...args: string[]): Promise<string> {
  const files = { "dump.json": await dumpOf(situation) };
  const { code, out, err } = await run(["explain", "web", "-f", "dump.json", ...args], { files });
  if (code !== 0) throw new Error(`Cannot explain: ${err}`);
  return out;
}
