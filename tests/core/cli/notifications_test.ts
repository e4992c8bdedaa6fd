/** `notifications`, against files; the catalogue of the documentation is what is looked at. */
import assert from "node:assert/strict";
import { PlainServer } from "../controller/plain_server.ts";
import { parse } from "yaml";
import { CONFIG_MAPS, NAMESPACES, ROLLOUTS } from "../../../core/api/names/resources.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { EmbeddedServer } from "./embedded_server.ts";
import { run } from "./fake_terminal.ts";
import { inFolder } from "./process.ts";

const CATALOGUE = Deno.readTextFileSync(
  new URL("../../../docs/examples/notifications/catalogue.yaml", import.meta.url),
);
const ROLLOUT = JSON.stringify({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "web", namespace: "shop" },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "registry/web:2" }] },
    },
  },
  status: { currentStepIndex: 1, availableReplicas: 3, phase: "Paused" },
});
const OWN = `apiVersion: v1
kind: ConfigMap
metadata: {name: argo-rollouts-notification-configmap}
data:
  trigger.on-paused: |
    - when: rollout.status.phase == 'Paused'
      send: [paused, more]
    - when: rollout.spec.replicas > 5
      send: [more]
  trigger.on-bad: |
    - when: rolout.x
  template.paused: "message: '{{.rollout.metadata.name}} waits'"
  template.more: |
    webhook: {hook: {method: POST, body: '{"name": "{{.rollout.metadata.name}}"}'}}
  service.webhook.hook: "url: URL"
`;
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {token: t-secret}\n";
const FILES = { "rollout.json": ROLLOUT, "catalogue.yaml": CATALOGUE, "own.yaml": OWN };
const NO_SECRET = ["--secret", ":empty"];

async function notifications(line: string, config = "catalogue.yaml") {
  const args = ["notifications", ...line.split(" "), "--config-map", config, ...NO_SECRET];
  return await run(args, { files: FILES });
}

Deno.test("template get lists templates with the first line of their messages, or prints one", async () => {
  const { code, out } = await notifications("template get");
  assert.equal(code, 0);
  assert.deepEqual(out.split("\n").slice(0, 2), [
    "NAME                    PREVIEW",
    "analysis-run-error      Rollout {{.rollout.metadata.name}}'s analysis run is in error state.",
  ]);
  assert.equal(out.trim().split("\n").length, 10);
  const names = await notifications("template get -o name");
  assert.match(names.out, /^analysis-run-error\nanalysis-run-failed\n/);
  const one = await notifications("template get paused -o json", "own.yaml");
  assert.deepEqual(JSON.parse(one.out), [{
    name: "paused",
    message: "{{.rollout.metadata.name}} waits",
  }]);
  const none = await notifications("template get nope", "own.yaml");
  assert.equal(none.code, 1);
  assert.match(none.err, /Error: no template "nope"; there are: more, paused\n$/);
});

Deno.test("trigger get has a line for each condition, and says what is wrong", async () => {
  const { out, err } = await notifications("trigger get", "own.yaml");
  assert.equal(
    out,
    "NAME       TEMPLATE     CONDITION\n" +
      "on-bad                  trigger.on-bad:1:9: unknown name rolout\n" +
      "on-paused  paused,more  rollout.status.phase == 'Paused'\n" +
      "on-paused  more         rollout.spec.replicas > 5\n",
  );
  assert.equal(err, "error: trigger.on-bad:1:9: unknown name rolout\n");
});

Deno.test("trigger run evaluates the conditions for a Rollout of a file", async () => {
  const { code, out } = await notifications("trigger run on-paused rollout.json", "own.yaml");
  assert.equal(code, 0);
  assert.equal(
    out,
    "CONDITION                         RESULT\n" +
      "rollout.status.phase == 'Paused'  true\n" +
      "rollout.spec.replicas > 5         false\n",
  );
  const json = await notifications("trigger run on-paused rollout.json -o json", "own.yaml");
  assert.deepEqual(JSON.parse(json.out).map(({ result }: { result: boolean }) => result), [
    true,
    false,
  ]);
  const unknown = await notifications("trigger run on-nope rollout.json", "own.yaml");
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /Error: trigger 'on-nope' is not configured\n$/);
});

Deno.test("template notify prints what would be sent, and every shipped template renders", async () => {
  const { out: names } = await notifications("template get -o name");
  for (const name of names.trim().split("\n")) {
    const { code, out } = await notifications(`template notify ${name} rollout.json -o json`);
    assert.equal(code, 0, name);
    const [{ rendered }] = JSON.parse(out);
    assert.equal(rendered.email.subject, rendered.message);
    const [attachment] = JSON.parse(rendered.slack.attachments);
    assert.equal(attachment.title, "web");
    assert.ok(attachment.fields.length >= 3, name);
  }
  const one = await notifications("template notify rollout-step-completed rollout.json");
  assert.match(one.out, /^message: Rollout web step number 2\/2 has been completed\.\n/);
});

Deno.test("template notify sends to recipients, and fails where one is not reached", async () => {
  await using server = new PlainServer(() => new Response("ok"));
  const files = { ...FILES, "own.yaml": OWN.replace("URL", server.url), "secret.yaml": SECRET };
  const args = ["notifications", "template", "notify", "more", "rollout.json"];
  const own = ["--config-map", "own.yaml", "--secret", "secret.yaml"];
  const sent = await run([...args, ...own, "--recipient", "hook:"], {
    files,
    clock: systemClock,
  });
  assert.deepEqual([sent.code, sent.out], [0, "sent to hook:\n"]);
  assert.equal(server.asked[0]?.body, '{"name": "web"}');
  const both = ["--recipient", "hook:", "--recipient", "slack:ops", "-o", "json"];
  const unknown = await run([...args, ...own, ...both], { files, clock: systemClock });
  assert.deepEqual([unknown.code, unknown.out, server.asked.length], [1, "", 1]);
  assert.match(unknown.err, /Error: notification service 'slack' is not supported\n$/);
});

Deno.test("a cluster without the ConfigMap is told, with where it was looked for", async () => {
  await using server = new EmbeddedServer();
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    for (const verb of ["template get", "trigger get", "trigger run on-paused web"]) {
      const { code, out, err } = await run([
        ...["notifications", ...verb.split(" "), "-n", "shop"],
        ...["--kubeconfig", `${folder}/config`],
      ], { clock: systemClock });
      assert.deepEqual([code, out], [1, ""], verb);
      assert.equal(
        err,
        'Error: no ConfigMap "argo-rollouts-notification-configmap" in namespace "shop" or ' +
          '"argo-rollouts"; choose another namespace with -n, or a file with --config-map\n',
      );
    }
  });
});

Deno.test("the ConfigMap and the Rollout are those of the cluster where no file is named", async () => {
  await using server = new EmbeddedServer();
  const shop = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
  await server.create(NAMESPACES, shop);
  const configMap = parse(OWN) as KubeObject;
  const metadata = { ...configMap.metadata, namespace: "argo-rollouts" };
  await server.create(CONFIG_MAPS, { ...configMap, metadata });
  await server.create(ROLLOUTS, JSON.parse(ROLLOUT));
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const { code, out, err } = await run([
      ...["notifications", "trigger", "run", "on-paused", "web", "-n", "shop"],
      ...["--kubeconfig", `${folder}/config`],
    ], { clock: systemClock });
    assert.equal(err.replace(/^error: .*\n/, ""), "");
    assert.equal(code, 0);
    assert.match(out, /rollout\.spec\.replicas > 5 +false\n/);
  });
});
