/**
 * A controller in a process of its own, under a name of its own: URL, TOKEN, NAME, NAMESPACE, CA,
 * and the times of an election, if there is to be one: as JSON. It ends on SIGTERM.
 * Each event is a line of JSON on its standard output.
 */
import { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock as clock, systemRandom as random } from "../../core/cluster/system/mod.ts";
import { type ElectionTimes, LeaderElection } from "../../core/controller/leadership/mod.ts";
import { startController } from "../../core/controller/run_controller.ts";
import { plugins } from "../../plugins/mod.ts";
import type { RecordedEvent } from "../../core/engine/mod.ts";
import { silentLog as log } from "../../core/ports/mod.ts";
import { READY } from "./own_process.ts";
import { seenEvent } from "../seeds/run_case.ts";

const [server, token, userAgent, namespace, caPem, times] = Deno.args as [
  string,
  string,
  string,
  string,
  string,
  string?,
];
const credentials = {
  server,
  namespace,
  caPem,
  headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
};
const electionTimes = times === undefined ? undefined : JSON.parse(times) as ElectionTimes;
const cluster = new KubeCluster(credentials, { clock, log, random }, {
  userAgent,
  ...(electionTimes && { leaseTimeoutMs: electionTimes.renewDeadlineMs / 3 }),
});
const encoder = new TextEncoder();
const onEvent = (event: RecordedEvent) => {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(seenEvent(event))}\n`));
};
const lease = { namespace, name: "argo-rollouts-controller-lock" };
const election = electionTimes && new LeaderElection(
  { lease, identity: userAgent, times: electionTimes },
  { cluster: cluster.lease, clock, log, random },
);
const controller = startController({
  ...{ cluster, clock, log, namespace, plugins, onEvent },
  ...(election === undefined ? {} : { election }),
});
const poll = setInterval(() => {
  if (!controller.isReady) return;
  clearInterval(poll);
  Deno.stdout.writeSync(encoder.encode(`${READY}\n`));
}, 20);
Deno.addSignalListener("SIGTERM", async () => {
  await controller.stop();
  Deno.exit(0);
});
