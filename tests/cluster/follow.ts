/** Objects of a kind as they come and change, each told in its order. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { Cluster, WatchHandle } from "../../core/ports/cluster.ts";

export async function follow(
  cluster: Cluster,
  type: ResourceType,
  namespace: string,
  tell: (object: KubeObject) => void,
): Promise<WatchHandle> {
  const { items, resourceVersion } = await cluster.list(type, { namespace });
  for (const object of items) tell(object);
  return cluster.watch(type, { namespace, resourceVersion, timeoutSeconds: 580 }, {
    event: ({ type: kind, object }) => {
      if (kind !== "BOOKMARK") tell(object);
    },
    end() {},
  });
}
