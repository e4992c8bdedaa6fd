/** What a kubelet asks: is the process alive, and does it do its work. */
import type { Route } from "../cluster/system/mod.ts";
import { type Readiness, readinessJson, readinessText } from "./readiness.ts";

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };
const JSON_TYPE = "application/json";

/** Who answers at all is alive: a process that hangs does not. */
export const healthz: Route = () => new Response("ok", { headers: TEXT });

/** `/readyz`: text, or JSON for those who accept that or ask for `?format=json`. */
export function readyz(readiness: () => Readiness): Route {
  return (request) => {
    const present = readiness();
    const status = present.isReady ? 200 : 503;
    const isJson = request.headers.get("Accept")?.includes(JSON_TYPE) === true ||
      new URL(request.url).searchParams.get("format") === "json";
    return isJson
      ? new Response(readinessJson(present), { status, headers: { "Content-Type": JSON_TYPE } })
      : new Response(readinessText(present), { status, headers: TEXT });
  };
}
