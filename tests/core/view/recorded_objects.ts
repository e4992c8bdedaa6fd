/** The objects behind a recorded screen, with what recordings lack read off the screen itself. */
import type { RolloutObjects } from "../../../core/view/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout, RolloutSpec, RolloutStatus } from "../../../sdk/api/rollout.ts";

/** A recorded moment: the screen line by line, and objects without uid, owner and age. */
export interface Recorded {
  number: string;
  now: string;
  screen: string[];
  rollout: { metadata: Partial<KubeObject["metadata"]>; spec: unknown; status: unknown };
  replicaSets: RecordedObject[];
  analysisRuns?: RecordedObject[];
  experiments?: RecordedObject[];
}

interface RecordedObject {
  metadata: Partial<KubeObject["metadata"]>;
  spec?: unknown;
  status: unknown;
}

interface ScreenRow {
  icon: string;
  name: string;
  ageSeconds: number;
  /** The uid of the object that this one belongs to. */
  parent: string;
}

/**
 * Input that must give the recorded screen: ages and pods come from the screen, pods being
 * running and ready as all recorded ones are. Lists are in reverse, and another Rollout's objects
 * among them: neither order nor neighbours may matter.
 */
export function recordedObjects(recorded: Recorded): RolloutObjects {
  const nowMs = Date.parse(recorded.now);
  const rows = screenRows(recorded.screen);
  const [root] = rows;
  if (root === undefined) throw new Error(`Cannot read screen ${recorded.number}: no tree`);
  const madeAt = (name: string) => {
    const row = rows.find((row) => row.name === name && row.icon !== "#");
    if (row === undefined) throw new Error(`Cannot read screen ${recorded.number}: no "${name}"`);
    return new Date(nowMs - row.ageSeconds * 1000).toISOString();
  };
  const namespace = /^Namespace: +(\S+)$/.exec(recorded.screen[1] ?? "")?.[1] ?? "";
  const rollout: Rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: {
      ...recorded.rollout.metadata,
      name: root.name,
      namespace,
      uid: "rollout",
      creationTimestamp: madeAt(root.name),
    },
    spec: recorded.rollout.spec as RolloutSpec,
    status: recorded.rollout.status as RolloutStatus,
  };
  const parentOf = (name: string) => rows.find((row) => row.name === name)?.parent ?? "";
  const made = (kind: string, objects: readonly RecordedObject[] = []) =>
    objects.map(({ metadata, ...rest }) => {
      const name = metadata.name ?? "";
      const owned = { name, uid: name, creationTimestamp: madeAt(name) };
      return ownedBy(parentOf(name), { ...metadata, ...owned }, { kind, ...rest });
    });
  const among = (objects: KubeObject[]) => [...objects.toReversed(), ...objects.map(neighbourOf)];
  const pods = rows.filter((row) => row.icon === "□").map(({ name, parent }) =>
    ownedBy(parent, { name, creationTimestamp: madeAt(name) }, RUNNING_POD)
  );
  return {
    rollout,
    replicaSets: among(made("ReplicaSet", recorded.replicaSets)),
    pods: among(pods),
    analysisRuns: among(made("AnalysisRun", recorded.analysisRuns)),
    experiments: among(made("Experiment", recorded.experiments)),
    nowMs,
  };
}

const RUNNING_POD = {
  kind: "Pod",
  spec: { containers: [{ name: "main" }] },
  status: {
    phase: "Running",
    containerStatuses: [{ name: "main", ready: true, restartCount: 0, state: { running: {} } }],
  },
};

function ownedBy(
  uid: string,
  metadata: KubeObject["metadata"],
  rest: Record<string, unknown> & { kind: string },
): KubeObject {
  const owner = { apiVersion: "any/v1", kind: "Any", name: uid, uid, controller: true };
  return { apiVersion: "any/v1", ...rest, metadata: { ...metadata, ownerReferences: [owner] } };
}

/** The same object of another owner. */
function neighbourOf(object: KubeObject): KubeObject {
  const { kind, spec, status } = object;
  return ownedBy("another", { ...object.metadata, uid: "neighbour" }, { kind, spec, status });
}

function screenRows(screen: readonly string[]): ScreenRow[] {
  const rows: ScreenRow[] = [];
  const above: { column: number; uid: string }[] = [];
  for (const line of screen.slice(screen.indexOf("") + 2)) {
    const found = /([⟳#⧉□αΣ]) (\S+)/.exec(line);
    const [, icon = "", name = ""] = found ?? [];
    const column = found?.index ?? 0;
    while ((above.at(-1)?.column ?? -1) >= column) above.pop();
    rows.push({ icon, name, ageSeconds: ageOf(line), parent: above.at(-1)?.uid ?? "" });
    if (icon !== "#") above.push({ column, uid: icon === "⟳" ? "rollout" : name });
  }
  return rows;
}

function ageOf(line: string): number {
  const age = line.split(/ {2,}/).find((cell) => /^(\d+m)?(\d+s)?$/.test(cell) && cell !== "");
  const [, minutes = 0, seconds = 0] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(age ?? "") ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
