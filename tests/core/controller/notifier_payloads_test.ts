/**
 * Every payload once more, over the controller's own client to a server on loopback in the place of
 * the service. What cannot be put there are the addresses at which the machines of Google and of
 * Amazon tell who they are.
 */
import assert from "node:assert/strict";
import { HttpClient } from "../../../core/controller/http_client.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { NotifierTrial } from "../../../sdk/testing/notifier_trial.ts";
import type { HttpResponse } from "../../../sdk/ports.ts";
import { type Fields, fieldsOf, isFields } from "../../../sdk/wire/json.ts";
import { CHATS } from "../../plugins/notify/chats.ts";
import { MACHINES } from "../../plugins/notify/machines.ts";
import type { PayloadCase } from "../../plugins/notify/payload_case.ts";
import { PlainServer } from "./plain_server.ts";

/** Where the address of a service's API is set, if it is no part of the configuration anyway. */
const URL_OPTIONS: Readonly<Record<string, string>> = {
  slack: "apiURL",
  telegram: "apiURL",
  webex: "apiURL",
  pushover: "apiURL",
  opsgenie: "apiUrl",
  pagerduty: "apiURL",
  pagerdutyv2: "apiURL",
  newrelic: "apiURL",
  awssqs: "endpointUrl",
  gcppubsub: "apiURL",
  github: "enterpriseBaseURL",
};
/** What the addresses of such an API begin with, where that is not their first part. */
const ROOTS: Readonly<Record<string, string>> = {
  slack: "https://slack.com/api",
  github: "https://api.github.com",
};

/** The configuration with the server in the place of all services. */
function moved(value: unknown, server: PlainServer): unknown {
  const { host } = new URL(server.url);
  if (typeof value === "string") {
    return value.replace(/https:\/\/[\w.-]+\.test(?=\/|$)/, server.url)
      .replace(/^[\w-]+\.test:9093$/, host);
  }
  if (Array.isArray(value)) return value.map((item) => moved(item, server));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, moved(field, server)]),
  );
}

function configFor({ notifier, config }: PayloadCase, server: PlainServer): Fields {
  const option = URL_OPTIONS[notifier.name];
  const isSet = option === undefined || "webhookUrl" in config;
  const scheme = "scheme" in config ? { scheme: "http" } : {};
  return {
    ...fieldsOf(moved(config, server)),
    ...scheme,
    ...(isSet ? {} : { [option]: server.url }),
  };
}

function filesFor({ files = {} }: PayloadCase, server: PlainServer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      JSON.stringify({ ...JSON.parse(text), token_uri: `${server.url}/token` }),
    ]),
  );
}

/** Path and query at the server of what is asked of the service. */
function placeOf(name: string, url: string): string {
  const root = ROOTS[name];
  if (root !== undefined && url.startsWith(root)) {
    return `${name === "github" ? "/api/v3" : ""}${url.slice(root.length)}`;
  }
  const { pathname, search } = new URL(url);
  return pathname + search;
}

for (const subject of [...CHATS, ...MACHINES]) {
  const { notifier, about, requests } = subject;
  Deno.test(`${notifier.name} over the network: ${about}`, async () => {
    let count = 0;
    await using server: PlainServer = new PlainServer(({ body, method }) => {
      const url = requests[count++]?.url ?? "";
      const answer: Partial<HttpResponse> = subject.answer?.({ url, method, body }) ?? {};
      const { status = 200, headers = {}, body: text = "" } = answer;
      return new Response(text, { status, headers });
    });
    const trial = new NotifierTrial({
      ...subject,
      config: configFor(subject, server),
      files: filesFor(subject, server),
    });
    const http = new HttpClient({ clock: systemClock });
    const { signal } = trial.ending;
    const ports = {
      ...trial.ports,
      fetch: (request: Parameters<typeof http.send>[0]) => http.send(request, signal),
    };
    assert.deepEqual(await notifier.send(trial.call, ports), { is: "sent" });
    const asked = server.asked.map(({ method, path, headers, body }, index) => {
      const wanted = requests[index];
      const isJson = isFields(wanted?.body) || Array.isArray(wanted?.body);
      if (isJson && notifier.name !== "webhook") {
        assert.match(headers.get("content-type") ?? "", /^application\/json/);
      }
      return {
        method,
        path,
        headers: Object.fromEntries(
          Object.keys(wanted?.headers ?? {}).map((name) => [name, headers.get(name)]),
        ),
        body: wanted?.body === undefined ? undefined : isJson ? JSON.parse(body) : body,
      };
    });
    assert.deepEqual(
      asked,
      requests.map(({ method, url, headers = {}, body }) => ({
        method,
        path: placeOf(notifier.name, url),
        headers,
        body,
      })),
    );
  });
}
