/** A controller in a process of its own, under a name of its own: URL, TOKEN, NAME, NAMESPACE, CA. */
import { KubeCluster } from "../../core/cluster/kube/mod.ts";
import { systemClock as clock, systemRandom as random } from "../../core/cluster/system/mod.ts";
import { startController } from "../../core/controller/run_controller.ts";
import { plugins } from "../../plugins/mod.ts";
import { silentLog as log } from "../../core/ports/mod.ts";

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
startController({ cluster, clock, log, namespace, plugins });
