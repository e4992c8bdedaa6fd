/** Notifiers with the servers that they are for: what was sent is read back from the server. */
import assert from "node:assert/strict";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { HttpClient } from "../../core/controller/http_client.ts";
import { systemClock } from "../../core/cluster/system/mod.ts";
import { alertmanager } from "../../plugins/notify/alertmanager/mod.ts";
import { nats } from "../../plugins/notify/nats/mod.ts";
import type { Delivery, Notifier, NotifierPorts } from "../../sdk/notifier.ts";
import { type Fields, fieldsOf, listOf } from "../../sdk/wire/json.ts";
import { ensureProgram } from "./control_plane/build.ts";
import { chooseFreePorts } from "./control_plane/ports.ts";
import { ProcessGroup } from "./control_plane/process_group.ts";
import { NATS_SERVER } from "./control_plane/programs.ts";
import { debianProgramPath } from "./debian_program.ts";
import { PASSWORD, USER, webConfig } from "./prometheus/real_prometheus.ts";

const READY_MS = 60_000;
const POLL_MS = 50;
const ID = "0123456789abcdef";

/** A server of its own on loopback; `isReady` is asked until it is so. */
class RealServer implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #processes: ProcessGroup;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#processes = new ProcessGroup({ logDirectory: folder, removeWhenOrphaned: folder });
  }

  static async start(
    { name, path, files, args, isReady }: {
      readonly name: string;
      readonly path: string;
      /** By name, to be written into its folder. */
      readonly files: Readonly<Record<string, string>>;
      readonly args: (place: { folder: string; port: number }) => string[];
      readonly isReady: (port: number) => Promise<boolean>;
    },
  ): Promise<RealServer> {
    const folder = await Deno.makeTempDir({ prefix: `${name}-` });
    const [port = 0] = chooseFreePorts(1);
    const server = new RealServer(port, folder);
    for (const [file, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${file}`, text);
    }
    await server.#processes.start(name, path, args({ folder, port }));
    const endMs = Date.now() + READY_MS;
    while (!await isReady(port).catch(() => false)) {
      if (Date.now() > endMs) {
        const log = await Deno.readTextFile(`${folder}/${name}.log`).catch(() => "");
        await server[Symbol.asyncDispose]();
        throw new Error(`${name} is not ready within ${READY_MS} ms\n${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes.stop();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

interface Message {
  readonly config: Fields;
  readonly recipient: string;
  readonly content?: Fields;
}

/** Sends one message; what fails is told as text. */
async function send(notifier: Notifier, message: Message): Promise<Delivery | string> {
  const http = new HttpClient({ clock: systemClock });
  const { signal } = new AbortController();
  const ports: NotifierPorts = {
    now: () => Date.now(),
    signal,
    fetch: (request) => http.send(request, signal),
    log: () => {},
    conceal: () => {},
    setting: () => undefined,
    settingFile: () => Promise.resolve(undefined),
    file: () => Promise.reject(new Error("there are no files")),
    memory: { get: () => undefined, set: () => {} },
  };
  const about = {
    kind: "Rollout",
    namespace: "shop",
    name: "web",
    trigger: "on-rollout-completed",
    template: "rollout-completed",
  };
  const call = { content: {}, id: ID, service: notifier.name, message: "web is done", about };
  try {
    return await notifier.send({ ...call, ...message }, ports);
  } catch (error) {
    return (error as Error).message;
  }
}

const alertmanagerPath = await debianProgramPath({
  program: "prometheus-alertmanager",
  package: "prometheus-alertmanager",
  variable: "ALERTMANAGER",
});

/**
 * Debian's program reads its templates from /usr/share: where the package is only unpacked, it sees
 * that folder of the package there.
 */
function withItsShare(path: string): { path: string; before: string[] } {
  const share = path.replace(/\/bin\/[^/]*$/, "/share");
  if (path === "/usr/bin/prometheus-alertmanager" || !path.startsWith("/")) {
    return { path, before: [] };
  }
  const script = 'mount --bind "$1" /usr/share && shift && exec "$@"';
  return { path: "unshare", before: ["-rm", "sh", "-c", script, "sh", share, path] };
}

/** False, with a printed reason, where this machine does not let a program have its own mounts. */
async function canStart({ path, before }: ReturnType<typeof withItsShare>): Promise<boolean> {
  if (path === "" || before.length === 0) return path !== "";
  const trial = new Deno.Command(path, { args: ["-rm", "true"], stdout: "null", stderr: "null" });
  const isAllowed = await trial.output().then(({ success }) => success, () => false);
  if (!isAllowed) {
    const text =
      "Skipped: `unshare -rm` is not allowed here, which Debian's unpacked Alertmanager " +
      "needs. Install the package, or name another program in ALERTMANAGER.\n";
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }
  return isAllowed;
}

const alertmanagerProgram = withItsShare(alertmanagerPath);

const ALERTMANAGER = {
  route: { receiver: "nobody", group_wait: "1h" },
  receivers: [{ name: "nobody" }],
};

Deno.test({
  name: "alertmanager: a real one has the alert, wants name and password, and refuses a bad one",
  ignore: !await canStart(alertmanagerProgram),
  async fn() {
    const headers = { authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}` };
    const { path, before } = alertmanagerProgram;
    await using server = await RealServer.start({
      name: "alertmanager",
      path,
      // JSON is YAML.
      files: { "config.yaml": JSON.stringify(ALERTMANAGER), "web.yaml": webConfig(true) },
      args: ({ folder, port }) => [
        ...before,
        `--config.file=${folder}/config.yaml`,
        `--web.config.file=${folder}/web.yaml`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--storage.path=${folder}/data`,
        "--cluster.listen-address=",
      ],
      isReady: async (port) => {
        const response = await fetch(`http://127.0.0.1:${port}/-/ready`, { headers });
        await response.body?.cancel();
        return response.ok;
      },
    });
    const config = {
      targets: [`127.0.0.1:${server.port}`],
      basicAuth: { username: USER, password: PASSWORD },
    };
    const content = {
      labels: { severity: "P5" },
      annotations: { text: "web: fertig ✓" },
      generatorURL: "https://shop.test/web",
    };
    assert.deepEqual(await send(alertmanager, { config, recipient: "", content }), { is: "sent" });
    assert.deepEqual(await send(alertmanager, { config, recipient: "" }), { is: "sent" });
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v2/alerts`, { headers });
    const alerts = listOf(await response.json()).map(fieldsOf).map((alert) => ({
      labels: alert["labels"],
      annotations: alert["annotations"],
      generatorURL: alert["generatorURL"],
    }));
    const isOurs = (alert: { labels: unknown }) => "severity" in fieldsOf(alert.labels);
    assert.deepEqual(alerts.filter(isOurs), [{
      labels: { alertname: "rollout-completed", severity: "P5" },
      annotations: { text: "web: fertig ✓" },
      generatorURL: "https://shop.test/web",
    }]);
    assert.deepEqual(alerts.filter((alert) => !isOurs(alert)), [{
      labels: {
        alertname: "rollout-completed",
        namespace: "shop",
        rollout: "web",
        notification: ID,
      },
      annotations: { message: "web is done" },
      generatorURL: undefined,
    }]);
    const bad = { labels: { "no name": "x" } };
    const refused = await send(alertmanager, { config, recipient: "", content: bad });
    assert.equal(fieldsOf(refused)["is"], "refused", JSON.stringify(refused));
    const wrong = { ...config, basicAuth: { username: USER, password: "hunter2" } };
    assert.match(String(await send(alertmanager, { config: wrong, recipient: "" })), /status 401/);
  },
});

/** Asks the server's own API. */
async function asked(connection: NatsConnection, subject: string, body: unknown): Promise<Fields> {
  return (await connection.request(subject, JSON.stringify(body))).json<Fields>();
}

Deno.test({
  name: "nats: a real server has the message once, however often it is sent, and wants a login",
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    const path = await ensureProgram(NATS_SERVER);
    const login = { user: "rollouts", pass: "password-of-nats" };
    const connected = async (port: number) =>
      await connect({ servers: `127.0.0.1:${port}`, reconnect: false, ...login });
    await using server = await RealServer.start({
      name: "nats-server",
      path,
      files: {
        "nats.conf": 'authorization { user: "rollouts", password: "password-of-nats" }\n',
      },
      args: ({ folder, port }) => [
        ...["--addr", "127.0.0.1", "--port", String(port), "--config", `${folder}/nats.conf`],
        ...["--jetstream", "--store_dir", `${folder}/data`],
      ],
      isReady: async (port) => {
        await (await connected(port)).close();
        return true;
      },
    });
    const connection = await connected(server.port);
    try {
      await asked(connection, "$JS.API.STREAM.CREATE.releases", {
        name: "releases",
        subjects: ["releases.>"],
        storage: "memory",
        retention: "limits",
        num_replicas: 1,
      });
      const config = {
        url: `nats://127.0.0.1:${server.port}`,
        user: "rollouts",
        password: "password-of-nats",
        headers: { kind: "release" },
      };
      const recipient = "releases.web";
      for (let time = 0; time < 2; time++) {
        assert.deepEqual(await send(nats, { config, recipient }), { is: "sent" });
      }
      const info = await asked(connection, "$JS.API.STREAM.INFO.releases", {});
      assert.equal(fieldsOf(info["state"])["messages"], 1, "the second is known by its id");
      const found = await asked(connection, "$JS.API.STREAM.MSG.GET.releases", { seq: 1 });
      const { subject, data, hdrs } = fieldsOf(found["message"]);
      assert.deepEqual([subject, atob(String(data)), atob(String(hdrs))], [
        "releases.web",
        "web is done",
        `NATS/1.0\r\nNats-Msg-Id: ${ID}\r\nkind: release\r\n\r\n`,
      ]);
      const wrong = { ...config, password: "hunter2" };
      for (let time = 0; time < 20; time++) {
        const text = await send(nats, { config: wrong, recipient });
        assert.equal(text, "Cannot connect to NATS: Authorization Violation");
      }
    } finally {
      await connection.close();
    }
  },
});
