/**
 * A controller in a process of its own, under a name of its own: URL, TOKEN, NAME, NAMESPACE, CA.
 * Each event is a line of JSON on its standard output.
 */
import { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock as clock, systemRandom as random } from "../../core/cluster/system/mod.ts";
import { startController } from "../../core/controller/run_controller.ts";
import { plugins } from "../../plugins/mod.ts";
import type { RecordedEvent } from "../../core/engine/mod.ts";
import { silentLog as log } from "../../core/ports/mod.ts";
import { seenEvent } from "../seeds/run_case.ts";

const [server, token, userAgent, namespace, caPem] = Deno.args as [
  string,
  string,
  string,
  string,
  string,
];
const credentials = {
  server,
  namespace,
  caPem,
  headers: () => Promise.resolve({ authorization: `Bearer ${token}` }),
};
const cluster = new KubeCluster(credentials, { clock, log, random }, { userAgent });
const encoder = new TextEncoder();
const onEvent = (event: RecordedEvent) => {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(seenEvent(event))}\n`));
};
startController({ cluster, clock, log, namespace, plugins, onEvent });
