/** An API server that holds the objects of a file, and stands still. */
import { FakeServer, refusal, type Seen } from "../cluster/kube/fake_server.ts";
import { findTypeByName } from "../../../core/api/names/resources.ts";
import { ReadObjects } from "../../../core/cluster/read_objects.ts";
import { ApiError } from "../../../core/ports/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";

const ROUTED = plugins.trafficRouters.flatMap(({ resources }) => resources);
const PATH = /^\/apis?\/(.+?)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/;

/** A server with these objects, of every kind that is known here. */
export function dumpServer(objects: readonly KubeObject[]): FakeServer {
  const held = new ReadObjects(objects);
  return new FakeServer(async (seen) => {
    try {
      return Response.json(await answer(held, seen));
    } catch (error) {
      if (error instanceof ApiError) return refusal(error.code, error.reason);
      throw error;
    }
  });
}

async function answer(held: ReadObjects, { path, query }: Seen): Promise<unknown> {
  const [, , namespace, plural = "", name] = PATH.exec(path) ?? [];
  const type = findTypeByName(plural, ROUTED);
  const place = namespace === undefined ? {} : { namespace };
  if (type !== undefined && name !== undefined) return await held.get(type, { ...place, name });
  const { labelSelector = "", fieldSelector = "" } = query;
  const { items } = type === undefined
    ? { items: [] }
    : await held.list(type, { ...place, labelSelector, fieldSelector });
  return { metadata: { resourceVersion: "1" }, items };
}
