import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Rollout, RolloutStatus } from "../../../sdk/api/rollout.ts";
import { ROLLOUT_KIND } from "../../../core/api/schema/kinds.ts";
import { openDefinition } from "../../../core/api/schema/open_definition.ts";
import { POD_TEMPLATE_HASH_LABEL, REVISION_ANNOTATION } from "../../../core/api/names/names.ts";
import { REPLICA_SETS, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../../core/cluster/embedded/mod.ts";
import type { Target } from "../../../core/command/mod.ts";
import type { Cluster } from "../../../core/ports/cluster.ts";

/** The Rollout that commands are about. */
export const WEB: Target = { namespace: "default", name: "web" };

/** A cluster with no controller on it, and what was written to it after it was set up. */
export interface World {
  readonly client: Cluster;
  /** `patch rollouts/status`, in order. */
  readonly writes: string[];
  rollout(): Promise<Rollout>;
}

/** A cluster that holds the Rollout `web` with this spec and status, and nothing else. */
export async function worldWith(
  { spec = {}, status, hasStatusSubresource = true }: {
    spec?: Record<string, unknown>;
    status?: RolloutStatus;
    hasStatusSubresource?: boolean;
  } = {},
): Promise<World> {
  const world = emptyWorld({ hasStatusSubresource });
  await world.client.create(ROLLOUTS, webRollout(spec));
  if (status !== undefined) {
    const patch = { type: "merge" as const, body: { status } };
    const options = hasStatusSubresource ? { subresource: "status" as const } : {};
    await world.client.patch(ROLLOUTS, WEB, patch, options);
  }
  world.writes.length = 0;
  return world;
}

/** A cluster without any Rollout. */
export function emptyWorld({ hasStatusSubresource = true } = {}): World {
  const definition = openDefinition(ROLLOUT_KIND);
  if (!hasStatusSubresource) removeStatusSubresource(definition);
  const cluster = new EmbeddedCluster({
    clock: new VirtualClock(0),
    random: seededRandom(1),
    customResources: [definition],
  });
  const writes: string[] = [];
  cluster.onWrite(({ verb, type, subresource }) => {
    writes.push(`${verb} ${[type.plural, subresource].filter(Boolean).join("/")}`);
  });
  const client = cluster.client("user");
  return { client, writes, rollout: async () => (await client.get(ROLLOUTS, WEB)) as Rollout };
}

function removeStatusSubresource(definition: KubeObject): void {
  const { versions } = definition["spec"] as { versions: { subresources: { status?: unknown } }[] };
  for (const { subresources } of versions) delete subresources.status;
}

/** The Rollout `web`, with a canary of two steps and containers of both kinds. */
export function webRollout(spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { ...WEB },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: {
          initContainers: [{ name: "setup", image: "setup:1", futureField: { a: 1 } }],
          containers: [
            { name: "web", image: "web:1", futureField: [1, 2] },
            { name: "proxy", image: "proxy:1" },
          ],
        },
      },
      ...spec,
    },
  };
}

/** A set of the Rollout `web` as a controller leaves it, with an image of its own. */
export async function addSet(
  world: World,
  { revision, image, owner, app = "web", isControlled = true }: {
    revision: number;
    image: string;
    owner?: string;
    app?: string;
    isControlled?: boolean;
  },
): Promise<void> {
  const { metadata } = await world.rollout();
  const labels = { app, [POD_TEMPLATE_HASH_LABEL]: `hash${revision}` };
  const set: KubeObject = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      namespace: "default",
      name: `web-hash${revision}`,
      labels,
      annotations: { [REVISION_ANNOTATION]: String(revision) },
      ownerReferences: [{
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        name: "web",
        uid: owner ?? metadata.uid ?? "",
        controller: isControlled,
      }],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image }] } },
    },
  };
  await world.client.create(REPLICA_SETS, set);
  world.writes.length = 0;
}

/** A pod template of one container. */
export function templateWith(image: string) {
  return { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } };
}
