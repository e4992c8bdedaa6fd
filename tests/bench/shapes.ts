/**
 * Run in a process of its own by `shape_test.ts`, with V8's own functions: prints for each object
 * that the embedded cluster made by a patch whether V8 reads its fields at their places, which is
 * fast, or looks them up in a table.
 */
import { CONFIG_MAPS } from "../../core/api/names/resources.ts";
import { EmbeddedCluster, seededRandom, VirtualClock } from "../../core/cluster/embedded/mod.ts";

const isFast: (object: object) => boolean = new Function(
  "object",
  "return %HasFastProperties(object)",
) as (object: object) => boolean;

const cluster = new EmbeddedCluster({ clock: new VirtualClock(0), random: seededRandom(1) });
const client = cluster.client("user");
const ref = { namespace: "default", name: "settings" };
await client.create(CONFIG_MAPS, {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: ref,
  data: { first: "1", second: "2", third: "3", fourth: "4" },
});
const shapes: Record<string, boolean> = {};
for (const field of ["second", "first"]) {
  const body = { data: { [field]: null, third: field } };
  const patched = await client.patch(CONFIG_MAPS, ref, { type: "merge", body });
  shapes[`data without ${field}`] = isFast(patched["data"] as object);
  shapes[`object without ${field}`] = isFast(patched);
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(shapes)));
