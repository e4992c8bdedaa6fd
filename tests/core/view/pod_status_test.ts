import assert from "node:assert/strict";
import type {
  ContainerState,
  ContainerStatus,
  PodSpec,
  PodStatus,
} from "kubernetes-types/core/v1.d.ts";
import { type PodSummary, podSummary } from "../../../core/view/pod_status.ts";
import type { KubeObject, ObjectMeta } from "../../../sdk/api/object.ts";

interface Row {
  name: string;
  status: PodStatus;
  spec?: Partial<PodSpec>;
  metadata?: Partial<ObjectMeta>;
  shown: Partial<PodSummary>;
}

function container(
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  return { name, image: "", imageID: "", ready: false, restartCount: 0, state, ...more };
}

const RUNNING: ContainerState = { running: {} };
const DONE: ContainerState = { terminated: { exitCode: 0, reason: "Completed" } };
const INITIALIZED = { type: "Initialized", status: "True" };
const READY = { type: "Ready", status: "True" };
const ONE_INIT = { initContainers: [{ name: "setup" }] };
const SIDECAR = { initContainers: [{ name: "setup" }, { name: "proxy", restartPolicy: "Always" }] };
const DELETED = { deletionTimestamp: "2026-01-01T00:00:00Z" };

const ROWS: Row[] = [
  {
    name: "a running pod counts its ready containers",
    spec: { containers: [{ name: "a" }, { name: "b" }] },
    status: {
      phase: "Running",
      containerStatuses: [container("a", RUNNING, { ready: true }), container("b", RUNNING)],
    },
    shown: { status: "Running", readyContainers: 1, totalContainers: 2, restarts: 0 },
  },
  {
    name: "a pod that nobody has looked at is as its phase",
    status: { phase: "Pending" },
    shown: { status: "Pending", readyContainers: 0, totalContainers: 1 },
  },
  { name: "a pod without a phase is unknown", status: {}, shown: { status: "Unknown" } },
  {
    name: "the pod's own reason goes before its phase",
    status: { phase: "Failed", reason: "Evicted" },
    shown: { status: "Evicted" },
  },
  {
    name: "a gated pod says so",
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    },
    shown: { status: "SchedulingGated" },
  },
  {
    name: "a waiting container names its reason",
    status: {
      phase: "Pending",
      containerStatuses: [container("a", { waiting: { reason: "ContainerCreating" } })],
    },
    shown: { status: "ContainerCreating" },
  },
  {
    name: "of several troubled containers the first is named, restarts add up",
    status: {
      phase: "Running",
      containerStatuses: [
        container("a", { waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 3 }),
        container("b", { waiting: { reason: "ImagePullBackOff" } }, { restartCount: 1 }),
      ],
    },
    shown: { status: "CrashLoopBackOff", restarts: 4 },
  },
  {
    name: "an ended container names its reason",
    status: {
      phase: "Failed",
      containerStatuses: [container("a", { terminated: { exitCode: 1, reason: "Error" } })],
    },
    shown: { status: "Error" },
  },
  {
    name: "an end without a reason shows its exit code",
    status: { containerStatuses: [container("a", { terminated: { exitCode: 3 } })] },
    shown: { status: "ExitCode:3" },
  },
  {
    name: "an end by a signal without a reason shows the signal",
    status: { containerStatuses: [container("a", { terminated: { exitCode: 137, signal: 9 } })] },
    shown: { status: "Signal:9" },
  },
  {
    name: "a completed pod is completed",
    status: { phase: "Succeeded", containerStatuses: [container("a", DONE)] },
    shown: { status: "Completed", readyContainers: 0 },
  },
  {
    name: "a pod with one container done and one running runs, when it is ready",
    status: {
      phase: "Running",
      conditions: [READY],
      containerStatuses: [container("a", DONE), container("b", RUNNING, { ready: true })],
    },
    shown: { status: "Running", readyContainers: 1 },
  },
  {
    name: "a pod with one container done and one running is not ready otherwise",
    status: {
      phase: "Running",
      containerStatuses: [container("a", DONE), container("b", RUNNING, { ready: true })],
    },
    shown: { status: "NotReady" },
  },
  {
    name: "while init containers run, their number is shown and nothing is ready",
    spec: SIDECAR,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container("setup", DONE),
        container("proxy", { waiting: { reason: "PodInitializing" } }, { restartCount: 2 }),
      ],
      containerStatuses: [container("main", { waiting: { reason: "PodInitializing" } })],
    },
    shown: { status: "Init:1/2", readyContainers: 0, totalContainers: 1, restarts: 2 },
  },
  {
    name: "a failing init container names its reason",
    spec: ONE_INIT,
    status: {
      phase: "Pending",
      initContainerStatuses: [
        container("setup", { waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 5 }),
      ],
    },
    shown: { status: "Init:CrashLoopBackOff", restarts: 5 },
  },
  {
    name: "an init container that ended badly without a reason shows its exit code",
    spec: ONE_INIT,
    status: {
      phase: "Pending",
      initContainerStatuses: [container("setup", { terminated: { exitCode: 2 } })],
    },
    shown: { status: "Init:ExitCode:2" },
  },
  {
    name: "Quirk(sidecars-uncounted): a started sidecar neither holds back nor counts",
    spec: SIDECAR,
    status: {
      phase: "Running",
      conditions: [INITIALIZED],
      initContainerStatuses: [
        container("setup", DONE),
        container("proxy", RUNNING, { ready: true, started: true, restartCount: 7 }),
      ],
      containerStatuses: [container("main", RUNNING, { ready: true, restartCount: 1 })],
    },
    shown: { status: "Running", readyContainers: 1, totalContainers: 1, restarts: 1 },
  },
  {
    name: "an initialised pod whose sidecar crashes still counts its containers",
    spec: SIDECAR,
    status: {
      phase: "Running",
      conditions: [INITIALIZED],
      initContainerStatuses: [
        container("setup", DONE),
        container("proxy", { waiting: { reason: "CrashLoopBackOff" } }),
      ],
      containerStatuses: [container("main", RUNNING, { ready: true })],
    },
    shown: { status: "Init:CrashLoopBackOff", readyContainers: 1 },
  },
  {
    name: "a deleted pod is terminating",
    metadata: DELETED,
    status: {
      phase: "Running",
      containerStatuses: [container("main", RUNNING, { ready: true })],
    },
    shown: { status: "Terminating", readyContainers: 1 },
  },
  {
    name: "a deleted pod that has ended keeps its verdict",
    metadata: DELETED,
    status: { phase: "Succeeded", containerStatuses: [container("main", DONE)] },
    shown: { status: "Completed" },
  },
  {
    name: "a deleted pod on a lost node is unknown",
    metadata: DELETED,
    status: { phase: "Running", reason: "NodeLost" },
    shown: { status: "Unknown" },
  },
];

for (const { name, status, spec, metadata, shown } of ROWS) {
  Deno.test(`podSummary(): ${name}`, () => {
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web-1", ...metadata },
      spec: { containers: [{ name: "main" }], ...spec },
      status,
    };
    const summary = podSummary(pod);
    assert.deepEqual({ ...summary, ...shown }, summary);
  });
}
