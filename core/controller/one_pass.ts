/** One pass over a Rollout that changes nothing: what the controller would decide now. */
import type { PluginRegistry } from "../../sdk/registry.ts";
import { EVENT_SOURCE } from "../api/names/names.ts";
import { ROLLOUTS } from "../api/names/resources.ts";
import { ServedVersions } from "../cluster/served_versions.ts";
import { type Decision, Engine, EventRecorder } from "../engine/mod.ts";
import { ApiError } from "../ports/api_error.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster, Selection } from "../ports/cluster.ts";
import { silentLog as log } from "../ports/log.ts";
import { Memo, RolloutController, type RolloutWorld, routerRegistry } from "../rollout/mod.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import { HttpClient } from "./http_client.ts";
import { pluginPorts } from "./plugin_ports.ts";

const POLL_MS = 5;
/** Polls in a row in which nothing is under way. */
const RESTS = 3;
/** After so many polls without a pass there will be none: the Rollout is on its way out. */
const EMPTY_MAX = 20;
/** Longer than any inquiry of a pass. */
const PATIENCE_MS = 15_000;

export interface OnePassOptions {
  readonly cluster: Cluster;
  /** What time it is for the pass, and timers. */
  readonly clock: Clock;
  readonly plugins: PluginRegistry;
  readonly namespace: string;
  readonly name: string;
}

/** What was seen, and what comes of it. */
export interface OnePass {
  readonly world: RolloutWorld;
  readonly decision: Decision;
}

/**
 * Lets the controller decide about this Rollout until it has heard all that it asks. Undefined: the
 * Rollout is gone or on its way out, or nobody answered in time.
 * @throws {ApiError} or {UnreachableError} for what no pass can do without
 */
export async function onePass(options: OnePassOptions): Promise<OnePass | undefined> {
  const { clock, plugins, namespace, name } = options;
  const routed = plugins.trafficRouters.flatMap(({ resources }) => resources);
  let refusal: unknown;
  const cluster = readOnly(new ServedVersions(options.cluster, routed), name, (error) => {
    refusal = error;
  });
  const recorder = new EventRecorder({ cluster, clock, log, component: EVENT_SOURCE });
  const http = new HttpClient({ clock });
  const registry = routerRegistry(plugins, pluginPorts({ clock, log, http }));
  const engine = new Engine({ cluster, clock, log, recorder, namespace, registry });
  let last: OnePass | undefined;
  let emptyPolls = 0;
  engine.add(
    new DecidingOnly(new Memo(plugins), (pass) => {
      last = pass;
    }),
  );
  engine.start();
  try {
    const endMs = clock.monotonic() + PATIENCE_MS;
    // What is asked from outside is answered in a later pass: at rest, there is none to come.
    for (let rests = 0; rests < RESTS && clock.monotonic() < endMs;) {
      await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
      // What no pass can do without is not asked for again and again.
      if (refusal !== undefined && !engine.hasSynced) throw refusal;
      rests = engine.running === 0 && last !== undefined ? rests + 1 : 0;
      if (engine.running === 0 && engine.hasSynced && last === undefined) emptyPolls++;
      if (emptyPolls > EMPTY_MAX) break;
    }
    return last;
  } finally {
    engine.stop();
    http.close();
  }
}

/** The controller of Rollouts, which tells what it would do, and does nothing. */
class DecidingOnly extends RolloutController {
  readonly #tell: (pass: OnePass) => void;

  constructor(memo: Memo, tell: (pass: OnePass) => void) {
    super(memo);
    this.#tell = tell;
  }

  override decide(world: RolloutWorld): Decision {
    const decision = super.decide(world);
    this.#tell({ world, decision });
    return { effects: [], events: [], why: decision.why };
  }
}

/** The cluster as it is: of Rollouts only one is seen, and nothing is written. */
function readOnly(cluster: Cluster, name: string, onError: (error: unknown) => void): Cluster {
  const refuse = () =>
    Promise.reject(new ApiError({ code: 403, reason: "Forbidden", message: "nothing is written" }));
  return {
    get: (type, ref) => cluster.get(type, ref),
    async list(type: ResourceType, selection: Selection = {}) {
      const isOne = type === ROLLOUTS;
      const fieldSelector = `metadata.name=${name}`;
      try {
        return await cluster.list(type, isOne ? { ...selection, fieldSelector } : selection);
      } catch (error) {
        onError(error);
        throw error;
      }
    },
    watch: () => ({ stop() {} }),
    create: refuse,
    update: refuse,
    patch: refuse,
    delete: refuse,
  };
}
