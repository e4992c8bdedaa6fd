/** Notifiers that tell machines: what they are told, and the requests that follow. */
import { alertmanager } from "../../../plugins/notify/alertmanager/mod.ts";
import { awsSqs } from "../../../plugins/notify/awssqs/mod.ts";
import { gcpPubSub } from "../../../plugins/notify/gcppubsub/mod.ts";
import { gitHub } from "../../../plugins/notify/github/mod.ts";
import { grafana } from "../../../plugins/notify/grafana/mod.ts";
import { newRelic } from "../../../plugins/notify/newrelic/mod.ts";
import { opsgenie } from "../../../plugins/notify/opsgenie/mod.ts";
import { pagerduty } from "../../../plugins/notify/pagerduty/mod.ts";
import { pagerdutyv2 } from "../../../plugins/notify/pagerdutyv2/mod.ts";
import { webhook } from "../../../plugins/notify/webhook/mod.ts";
import type { PayloadCase } from "./payload_case.ts";
import { PKCS1, PKCS8 } from "./rsa_keys.ts";

const ID = "0123456789abcdef";
const REPOSITORY = "https://api.github.com/repos/shop/web";
const FOUND_QUEUE =
  "<GetQueueUrlResponse><QueueUrl>https://sqs.eu.test/1/releases</QueueUrl></GetQueueUrlResponse>";

function gitHubAnswer({ url }: { url: string }) {
  if (url.endsWith("/access_tokens")) return { status: 201, body: '{"token": "ghs-secret"}' };
  if (url.endsWith("/deployments")) return { status: 201, body: '{"id": 42}' };
  if (url.endsWith("/pulls")) return { body: '[{"number": 7}]' };
  if (url.includes("/issues/7/comments?")) return { body: '[{"id": 9, "body": "a <!-- web -->"}]' };
  return { status: 201, body: "{}" };
}

const TOKEN_REQUEST = {
  method: "POST",
  url: "https://api.github.com/app/installations/22/access_tokens",
};
const AS_APP = { headers: { authorization: "Bearer ghs-secret" } };

export const MACHINES: readonly PayloadCase[] = [
  {
    about: "a request as the template of its name has it",
    notifier: webhook,
    config: {
      url: "https://hook.test/base/",
      headers: [{ name: "X-Kind", value: "release" }],
      basicAuth: { username: "me", password: "password-of-hook" },
    },
    recipient: "",
    content: { webhook: { method: "put", path: "/a/b", body: '{"name": "web"}' } },
    message: "done",
    refusal: () => ({ status: 404 }),
    secrets: ["password-of-hook"],
    requests: [{
      method: "PUT",
      url: "https://hook.test/base/a/b",
      headers: {
        "x-kind": "release",
        authorization: "Basic bWU6cGFzc3dvcmQtb2YtaG9vaw==",
        "idempotency-key": ID,
      },
      body: { name: "web" },
    }],
  },
  {
    about: "an alert for a team",
    notifier: opsgenie,
    config: { apiUrl: "api.eu.opsgenie.com", apiKeys: { ops: "key-of-ops" } },
    recipient: "ops",
    content: { description: "more", priority: "P2", tags: ["web"], details: { revision: "2" } },
    message: "failed",
    answer: () => ({ status: 202 }),
    refusal: () => ({ status: 422 }),
    secrets: ["key-of-ops"],
    requests: [{
      method: "POST",
      url: "https://api.eu.opsgenie.com/v2/alerts",
      headers: { authorization: "GenieKey key-of-ops" },
      body: {
        message: "failed",
        alias: ID,
        description: "more",
        priority: "P2",
        tags: ["web"],
        details: { revision: "2" },
        responders: [{ name: "ops", type: "team" }],
      },
    }],
  },
  {
    about: "a message that is too long is cut, and told whole",
    notifier: opsgenie,
    config: { apiKeys: { ops: "key-of-ops" } },
    recipient: "ops",
    message: "a".repeat(131),
    answer: () => ({ status: 202 }),
    requests: [{
      method: "POST",
      url: "https://api.opsgenie.com/v2/alerts",
      body: {
        message: "a".repeat(130),
        description: "a".repeat(131),
        alias: ID,
        responders: [{ name: "ops", type: "team" }],
      },
    }],
  },
  {
    about: "an incident that is open already, by names in capitals",
    notifier: pagerduty,
    config: { token: "token-of-pd", from: "me@mail.test", serviceID: "PDEFAULT" },
    recipient: "",
    content: { priorityID: "P1" },
    message: "failed",
    answer: () => ({
      status: 400,
      body: '{"error": {"errors": ["Open incident with matching dedup key already exists"]}}',
    }),
    requests: [{
      method: "POST",
      url: "https://api.pagerduty.com/incidents",
      body: {
        incident: {
          type: "incident",
          title: "failed",
          incident_key: ID,
          service: { id: "PDEFAULT", type: "service_reference" },
          body: { type: "incident_body", details: "failed" },
          priority: { id: "P1", type: "priority_reference" },
        },
      },
    }],
  },
  {
    about: "an incident of a service",
    notifier: pagerduty,
    config: { token: "token-of-pd", from: "me@mail.test", serviceId: "PDEFAULT" },
    recipient: "",
    content: { title: "web failed", body: "more", urgency: "high", priorityId: "P1" },
    message: "failed",
    answer: () => ({ status: 201 }),
    refusal: () => ({ status: 400 }),
    secrets: ["token-of-pd"],
    requests: [{
      method: "POST",
      url: "https://api.pagerduty.com/incidents",
      headers: {
        accept: "application/vnd.pagerduty+json;version=2",
        authorization: "Token token=token-of-pd",
        from: "me@mail.test",
      },
      body: {
        incident: {
          type: "incident",
          title: "web failed",
          incident_key: ID,
          service: { id: "PDEFAULT", type: "service_reference" },
          body: { type: "incident_body", details: "more" },
          urgency: "high",
          priority: { id: "P1", type: "priority_reference" },
        },
      },
    }],
  },
  {
    about: "an event of an integration",
    notifier: pagerdutyv2,
    config: { serviceKeys: { ops: "key-of-events" } },
    recipient: "ops",
    content: {
      summary: "web failed",
      severity: "critical",
      class: "rollout",
      url: "https://a.test",
    },
    message: "failed",
    answer: () => ({ status: 202 }),
    refusal: () => ({ status: 400 }),
    secrets: ["key-of-events"],
    requests: [{
      method: "POST",
      url: "https://events.pagerduty.com/v2/enqueue",
      body: {
        routing_key: "key-of-events",
        event_action: "trigger",
        dedup_key: ID,
        client: "ArgoCD",
        client_url: "https://a.test",
        payload: {
          summary: "web failed",
          severity: "critical",
          source: "shop/web",
          class: "rollout",
        },
      },
    }],
  },
  {
    about: "an annotation with tags",
    notifier: grafana,
    config: { apiURL: "https://grafana.test/api", apiKey: "key-of-grafana" },
    recipient: "release|web",
    message: "done",
    refusal: () => ({ status: 400 }),
    secrets: ["key-of-grafana"],
    requests: [{
      method: "POST",
      url: "https://grafana.test/api/annotations",
      headers: { authorization: "Bearer key-of-grafana" },
      body: { time: 1_767_225_600_000, isRegion: false, tags: ["release", "web"], text: "done" },
    }],
  },
  {
    about: "a deployment marker",
    notifier: newRelic,
    config: { apiKey: "key-of-relic" },
    recipient: "123",
    content: { revision: "abc", user: "me" },
    message: "done",
    answer: () => ({ status: 201 }),
    refusal: () => ({ status: 404 }),
    secrets: ["key-of-relic"],
    requests: [{
      method: "POST",
      url: "https://api.newrelic.com/v2/applications/123/deployments.json",
      headers: { "x-api-key": "key-of-relic" },
      body: { deployment: { revision: "abc", description: "done", user: "me" } },
    }],
  },
  {
    about: "an alert to each instance",
    notifier: alertmanager,
    config: {
      targets: ["a.test:9093", "b.test:9093"],
      scheme: "https",
      basicAuth: { username: "me", password: "password-of-am" },
    },
    recipient: "",
    content: {
      labels: { alertname: "web" },
      annotations: { text: "x" },
      generatorURL: "https://c.test",
    },
    message: "failed",
    refusal: () => ({ status: 400 }),
    secrets: ["password-of-am"],
    requests: ["a", "b"].map((name) => ({
      method: "POST",
      url: `https://${name}.test:9093/api/v2/alerts`,
      headers: { authorization: "Basic bWU6cGFzc3dvcmQtb2YtYW0=" },
      body: [{
        labels: { alertname: "web" },
        annotations: { text: "x" },
        generatorURL: "https://c.test",
      }],
    })),
    skips: {
      "given up while it waits, it ends and asks for nothing more":
        "it asks all instances at the same time",
    },
  },
  {
    about:
      "an alert without a name has that of the template; name and password come before a token",
    notifier: alertmanager,
    config: {
      targets: ["a.test:9093"],
      basicAuth: { username: "me", password: "password-of-am" },
      bearerToken: "token-of-am",
    },
    recipient: "",
    content: { labels: { severity: "P5" } },
    message: "failed",
    requests: [{
      method: "POST",
      url: "http://a.test:9093/api/v2/alerts",
      headers: { authorization: "Basic bWU6cGFzc3dvcmQtb2YtYW0=" },
      body: [{
        labels: { alertname: "rollout-completed", severity: "P5" },
        annotations: { message: "failed" },
      }],
    }],
  },
  {
    about: "a message to a queue that keeps the order",
    notifier: awsSqs,
    config: { queue: "releases", account: "1", region: "eu", key: "AKIA", secret: "secret-of-aws" },
    recipient: "",
    content: { messageAttributes: { kind: "release" }, messageGroupId: "web" },
    message: "done",
    answer: ({ body = "" }) => body.includes("GetQueueUrl") ? { body: FOUND_QUEUE } : {},
    refusal: ({ body = "" }) =>
      body.includes("GetQueueUrl")
        ? { status: 400, body: "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" }
        : {},
    secrets: ["secret-of-aws"],
    requests: [
      {
        method: "POST",
        url: "https://sqs.eu.amazonaws.com/",
        body: "Action=GetQueueUrl&QueueName=releases&QueueOwnerAWSAccountId=1&Version=2012-11-05",
      },
      {
        method: "POST",
        url: "https://sqs.eu.amazonaws.com/",
        body: "Action=SendMessage&QueueUrl=https%3A%2F%2Fsqs.eu.test%2F1%2Freleases" +
          "&MessageBody=done&MessageAttribute.1.Name=kind" +
          "&MessageAttribute.1.Value.DataType=String" +
          "&MessageAttribute.1.Value.StringValue=release&MessageGroupId=web" +
          `&MessageDeduplicationId=${ID}&Version=2012-11-05`,
      },
    ],
  },
  {
    about: "a message to a topic",
    notifier: gcpPubSub,
    config: { project: "shop", topic: "releases", keyFile: "/keys/google.json" },
    recipient: "",
    content: { attributes: { kind: "release" } },
    message: "done",
    files: {
      "/keys/google.json": JSON.stringify({ client_email: "me@shop", private_key: PKCS8 }),
    },
    answer: ({ url }) => url.endsWith("/token") ? { body: '{"access_token": "ya29-secret"}' } : {},
    refusal: ({ url }) => url.endsWith("/token") ? {} : { status: 404 },
    secrets: ["ya29-secret", PKCS8],
    requests: [
      { method: "POST", url: "https://oauth2.googleapis.com/token" },
      {
        method: "POST",
        url: "https://pubsub.googleapis.com/v1/projects/shop/topics/releases:publish",
        headers: { authorization: "Bearer ya29-secret" },
        body: {
          messages: [{ data: "ZG9uZQ==", attributes: { notification: ID, kind: "release" } }],
        },
      },
    ],
  },
  {
    about: "all that it can do for a revision",
    notifier: gitHub,
    config: { appID: 11, installationID: 22, privateKey: PKCS1 },
    recipient: "",
    content: {
      repoURLPath: "https://github.com/shop/web.git",
      revisionPath: "abc",
      status: { state: "success", label: "release", targetURL: "https://a.test" },
      deployment: { state: "success", environment: "test", autoMerge: "false" },
      pullRequestComment: { content: "done", commentTag: "web" },
      checkRun: { name: "release", status: "completed", conclusion: "success" },
      repositoryDispatch: { eventType: "released", clientPayload: '{"a": 1}' },
    },
    message: "done",
    answer: gitHubAnswer,
    refusal: ({ url }) => url.includes("/statuses/") ? { status: 422 } : {},
    secrets: [PKCS1, "ghs-secret"],
    skips: {
      "it tries once, and leaves further tries to the core": "it needs a token first",
    },
    requests: [
      TOKEN_REQUEST,
      {
        method: "POST",
        url: `${REPOSITORY}/statuses/abc`,
        ...AS_APP,
        body: {
          state: "success",
          description: "done",
          context: "release",
          target_url: "https://a.test",
        },
      },
      {
        method: "POST",
        url: `${REPOSITORY}/deployments`,
        body: {
          ref: "abc",
          environment: "test",
          description: "done",
          auto_merge: false,
          transient_environment: false,
          required_contexts: [],
        },
      },
      {
        method: "POST",
        url: `${REPOSITORY}/deployments/42/statuses`,
        body: {
          state: "success",
          description: "done",
          auto_inactive: true,
          environment: "test",
        },
      },
      { method: "GET", url: `${REPOSITORY}/commits/abc/pulls` },
      { method: "GET", url: `${REPOSITORY}/issues/7/comments?per_page=100` },
      {
        method: "PATCH",
        url: `${REPOSITORY}/issues/comments/9`,
        body: { body: "done\n<!-- web -->" },
      },
      {
        method: "POST",
        url: `${REPOSITORY}/check-runs`,
        body: {
          name: "release",
          head_sha: "abc",
          external_id: ID,
          output: { title: "done", summary: "done" },
          status: "completed",
          conclusion: "success",
        },
      },
      {
        method: "POST",
        url: `${REPOSITORY}/dispatches`,
        body: { event_type: "released", client_payload: { a: 1 } },
      },
    ],
  },
];
