/** Probes, and what a container runs after its start and before its end. */
import { isUnset } from "../../../sdk/wire/json.ts";
import { type Check, list, needs, object, port, text, texts, whole } from "./check.ts";
import { matching } from "./formats.ts";

const HEADER = matching(/^[-A-Za-z0-9]+$/, "the name of an HTTP header");

const EXEC = object({ command: texts() }, needs("command"));
const HTTP_GET = object({
  host: text(),
  path: text(),
  scheme: text(),
  httpHeaders: list(object({ name: text(HEADER), value: text() }, needs("name"))),
});
const COUNT = whole({ min: 0 });

function probe({ isReadiness }: { readonly isReadiness: boolean }): Check {
  return object(
    {
      exec: EXEC,
      httpGet: HTTP_GET,
      grpc: object({ port }, needs("port")),
      initialDelaySeconds: COUNT,
      timeoutSeconds: COUNT,
      periodSeconds: COUNT,
      successThreshold: COUNT,
      failureThreshold: COUNT,
      ...(isReadiness ? {} : { terminationGracePeriodSeconds: whole({ min: 1, max: 2 ** 53 }) }),
    },
    (fields, at, report) => {
      if (!isReadiness || isUnset(fields["terminationGracePeriodSeconds"])) return;
      const text = "must not be set: a readiness probe ends no container";
      report([...at, "terminationGracePeriodSeconds"], text);
    },
  );
}

/** What a container has for each of its probes. */
export const PROBES: Readonly<Record<string, Check>> = {
  livenessProbe: probe({ isReadiness: false }),
  readinessProbe: probe({ isReadiness: true }),
  startupProbe: probe({ isReadiness: false }),
};

/** What a container runs after its start and before its end; the pod gives it `graceSeconds`. */
export function lifecycle(graceSeconds: number): Check {
  const handler = object({
    exec: EXEC,
    httpGet: HTTP_GET,
    sleep: object({ seconds: whole({ min: 0, max: Math.max(graceSeconds, 0) }) }),
  });
  return object({ postStart: handler, preStop: handler, stopSignal: text() });
}
