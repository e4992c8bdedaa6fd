/** `/metrics`: sent in pieces, so that a big scrape holds up nobody for long. */
import type { Route } from "../../cluster/system/mod.ts";
import { EXPOSITION_TYPE } from "./exposition.ts";

export function metricsRoute(text: () => Iterable<string>): Route {
  return (request) => {
    const body = isProbe(request) ? "" : streamOf(text());
    return new Response(body, { headers: { "Content-Type": EXPOSITION_TYPE } });
  };
}

/** Argo Rollouts' Deployment has the kubelet ask here every 5 s; it looks at the status alone. */
function isProbe({ headers }: Request): boolean {
  return headers.get("User-Agent")?.startsWith("kube-probe/") === true;
}

function streamOf(texts: Iterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const pieces = texts[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
        if (next.value === "") continue;
        return controller.enqueue(encoder.encode(next.value));
      }
      controller.close();
    },
  });
}
