/** What is done with Jobs: begun, looked at, ended, removed. */
import type { KubeObject } from "../../../sdk/api/object.ts";
import type {
  CollectCall,
  MetricCall,
  MetricPorts,
  Reading,
  RunningCall,
} from "../../../sdk/metric_provider.ts";
import { fieldsOf, listOf, textOf } from "../../../sdk/wire/json.ts";
import { type ObjectRef, refOf } from "../../../sdk/wire/write.ts";
import type { JobConfig } from "./config.ts";
import { phaseOf } from "./job_phase.ts";
import { namespaceOf, newJob } from "./new_job.ts";
import { JOBS, NAME, PODS, RUN_UID_LABEL } from "./resources.ts";

const NAMESPACE = "job-namespace";
const SHORTEST_WAIT_MS = 1_000;
const CANNOT_START: readonly unknown[] = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"];

export async function run(call: MetricCall<JobConfig>, ports: MetricPorts): Promise<Reading> {
  const wanted = newJob(call, ports);
  const { name, namespace } = wanted.metadata;
  const job = await ports.cluster.create(JOBS, wanted);
  // One of another run that has the name already.
  if (job.metadata.labels?.[RUN_UID_LABEL] !== call.run.uid) {
    throw new Error(`jobs.batch "${name}" already exists`);
  }
  return {
    is: "running",
    resumeAtMs: ports.now(),
    metadata: { [NAME]: name, [NAMESPACE]: namespace },
  };
}

export async function resume(call: RunningCall<JobConfig>, ports: MetricPorts): Promise<Reading> {
  const { metadata, startedAtMs } = call;
  const ref = refIn(metadata);
  const job = await ports.cluster.get(JOBS, ref);
  if (job === undefined) throw new Error(`job.batch "${ref.name}" not found`);
  const phase = phaseOf(job);
  if (phase !== undefined) return { is: "verdict", phase, metadata };
  const message = await startTroubles(call, ref, ports);
  if (message !== "") return { is: "verdict", phase: "Inconclusive", message, metadata };
  const nowMs = ports.now();
  const waitMs = Math.sqrt(2 * Math.max(nowMs - startedAtMs, 0) / 1000) * 1000;
  return { is: "running", resumeAtMs: nowMs + Math.max(waitMs, SHORTEST_WAIT_MS), metadata };
}

export async function terminate(
  { metadata }: RunningCall<JobConfig>,
  ports: MetricPorts,
): Promise<Reading> {
  await ports.cluster.delete(JOBS, refIn(metadata));
  return { is: "verdict", phase: "Inconclusive", metadata };
}

/** Jobs that still measure stay, whatever their number. */
export async function collect({ run, limit }: CollectCall, ports: MetricPorts): Promise<void> {
  const jobs = await ports.cluster.list(JOBS, {
    namespace: namespaceOf(run, ports),
    labelSelector: `${RUN_UID_LABEL}=${run.uid}`,
  });
  const createdAt = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? "") || 0;
  const oldestFirst = jobs.toSorted((a, b) => createdAt(a) - createdAt(b));
  const surplus = oldestFirst.slice(0, Math.max(oldestFirst.length - limit, 0));
  for (const job of surplus.filter((each) => phaseOf(each) !== undefined)) {
    await ports.cluster.delete(JOBS, refOf(job));
  }
}

function refIn(metadata: Readonly<Record<string, string>>): ObjectRef {
  const { [NAME]: name, [NAMESPACE]: namespace } = metadata;
  if (!name || !namespace) throw new Error("job metadata reference missing");
  return { name, namespace };
}

/** Why pods of the Job will never start, a line for each container; empty: nothing is known. */
async function startTroubles(
  { run }: MetricCall<JobConfig>,
  { name, namespace = "" }: ObjectRef,
  { cluster }: MetricPorts,
): Promise<string> {
  const labelSelector = `${RUN_UID_LABEL}=${run.uid},job-name=${name}`;
  const pods = await cluster.list(PODS, { namespace, labelSelector });
  return pods.flatMap(({ metadata, status }) => {
    const { containerStatuses, initContainerStatuses } = fieldsOf(status);
    const containers = [containerStatuses, initContainerStatuses].flatMap(listOf).map(fieldsOf);
    return containers.flatMap(({ name: container, state }) => {
      const { reason, message } = fieldsOf(fieldsOf(state)["waiting"]);
      if (!CANNOT_START.includes(reason)) return [];
      return `Pod ${metadata.name}, container ${textOf(container)} has terminal error ` +
        `(${textOf(reason)}): ${textOf(message)}\n`;
    });
  }).join("");
}
