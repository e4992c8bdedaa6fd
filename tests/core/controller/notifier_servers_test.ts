/** Notifiers that open connections of their own, with servers on loopback. */
import assert from "node:assert/strict";
import { SMTPServer } from "smtp-server";
import { email } from "../../../plugins/notify/email/mod.ts";
import { nats } from "../../../plugins/notify/nats/mod.ts";
import { slack } from "../../../plugins/notify/slack/mod.ts";
import { NotifierTrial, type Outcome } from "../../../sdk/testing/notifier_trial.ts";
import type { NotifierSubject } from "../../../sdk/testing/notifier.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { NatsServer } from "./nats_server.ts";

interface Mail {
  readonly isSecure: boolean;
  readonly user: unknown;
  readonly text: string;
}

/** A mail server that offers STARTTLS, wants a login, and knows one recipient. */
class MailServer implements AsyncDisposable {
  readonly mails: Mail[] = [];
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authMethods: ["PLAIN"],
      onAuth: ({ username, password }, _, done) => {
        if (password === "password-of-mail") done(null, { user: username });
        else done(Object.assign(new Error(`wrong password ${password}`), { responseCode: 535 }));
      },
      onRcptTo: ({ address }, _, done) => {
        if (address === "ops@mail.test") done();
        else done(Object.assign(new Error("no such user"), { responseCode: 550 }));
      },
      onData: (stream, { secure, user }, done) => {
        let text = "";
        stream.on("data", (chunk: Uint8Array) => text += new TextDecoder().decode(chunk));
        stream.on("end", () => {
          this.mails.push({ isSecure: secure, user, text });
          done();
        });
      },
    });
  }

  static async start(): Promise<MailServer> {
    const server = new MailServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get config(): Fields {
    const { port } = this.#server.server.address() as { port: number };
    return {
      host: "127.0.0.1",
      port,
      from: "rollouts@mail.test",
      username: "rollouts",
      password: "password-of-mail",
      insecure_skip_verify: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

function trialOf(subject: Omit<NotifierSubject, "message">): NotifierTrial {
  return new NotifierTrial({ ...subject, message: "Rollout web is done." });
}

Deno.test({
  name: "email: a mail is sent with STARTTLS and a login, and has the id of the message",
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    await using server = await MailServer.start();
    const { config } = server;
    const trial = trialOf({
      notifier: email,
      config,
      recipient: "ops@mail.test",
      content: { subject: "web: fertig", body: "Rollout web is done.\n.\nReally." },
    });
    assert.deepEqual(await trial.send(), { is: "sent" });
    const [mail] = server.mails;
    assert.deepEqual([mail?.isSecure, mail?.user], [true, "rollouts"]);
    const lines = mail?.text.split("\r\n") ?? [];
    for (
      const line of [
        "From: rollouts@mail.test",
        "To: ops@mail.test",
        "Subject: web: fertig",
        "Message-ID: <0123456789abcdef@mail.test>",
        "Content-Type: text/plain; charset=utf-8",
        "Rollout web is done.",
        ".",
        "Really.",
      ]
    ) assert.ok(lines.includes(line), line);
    const html = trialOf({
      notifier: email,
      config: { ...config, html: true },
      recipient: "ops@mail.test",
    });
    assert.deepEqual(await html.send(), { is: "sent" });
    assert.match(server.mails[1]?.text ?? "", /Content-Type: text\/html; charset=utf-8/);
    assert.match(server.mails[1]?.text ?? "", /Subject: Rollout shop\/web/);
  },
});

Deno.test({
  name: "email: an unknown recipient is refused; a wrong login is an error without the password",
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    await using server = await MailServer.start();
    const { config } = server;
    const unknown = trialOf({ notifier: email, config, recipient: "nobody@mail.test" });
    const refused: Outcome = await unknown.send();
    assert.equal(refused.is, "refused");
    const wrong = trialOf({
      notifier: email,
      config: { ...config, password: "hunter2-of-mail" },
      recipient: "ops@mail.test",
      secrets: ["hunter2-of-mail"],
    });
    assert.equal((await wrong.send()).is, "failed");
    assert.match(wrong.told, /wrong password \*\*\*\*\*/);
    const away = trialOf({
      notifier: email,
      config: { ...config, port: 1 },
      recipient: "ops@mail.test",
    });
    assert.equal((await away.send()).is, "failed");
  },
});

Deno.test({
  name:
    "nats: a message is published with its id once the server has it; a wrong login is an error",
  sanitizeResources: false,
  sanitizeOps: false,
  fn: async () => {
    await using server = new NatsServer({ user: "rollouts", pass: "password-of-nats" });
    const config = {
      url: server.url,
      username: "rollouts",
      password: "password-of-nats",
      headers: { kind: "release" },
    };
    const trial = trialOf({ notifier: nats, config, recipient: "releases.web" });
    assert.deepEqual(await trial.send(), { is: "sent" });
    assert.deepEqual(server.published, [{
      subject: "releases.web",
      headers: "NATS/1.0\r\nNats-Msg-Id: 0123456789abcdef\r\nkind: release\r\n\r\n",
      payload: "Rollout web is done.",
    }]);
    const wrong = trialOf({
      notifier: nats,
      config: { ...config, password: "hunter2-of-nats" },
      recipient: "releases.web",
      secrets: ["hunter2-of-nats"],
    });
    assert.equal((await wrong.send()).is, "failed");
    assert.match(wrong.told, /^Cannot connect to NATS: /);
    const refused = trialOf({ notifier: nats, config, recipient: "releases.*" });
    assert.equal((await refused.send()).is, "refused");
  },
});

/** Slack with one thread: what it is asked, in short. */
async function threadOf(policy: string): Promise<string[]> {
  const content = { groupingKey: "web", deliveryPolicy: policy, notifyBroadcast: true };
  const trial = new NotifierTrial({
    notifier: slack,
    config: { token: "x" },
    recipient: "ops",
    content,
    answer: () => ({ body: '{"ok": true, "channel": "C1", "ts": "17.1"}' }),
  });
  for (const message of ["one", "two"]) await trial.send({ ...trial.call, message });
  await trial.send({ ...trial.call, recipient: "dev", message: "three" });
  return trial.requests.map(({ url, body }) => {
    const { channel, text, thread_ts, ts, reply_broadcast } = JSON.parse(body ?? "") as Fields;
    const where = thread_ts ?? ts ?? "";
    return `${url.split("/").at(-1)} ${channel} ${where} ${text} ${reply_broadcast ?? ""}`.trim();
  });
}

Deno.test("slack: messages of one grouping key are a thread, and the policy says what is updated", async () => {
  const first = "chat.postMessage ops  one";
  const other = "chat.postMessage dev  three";
  const reply = "chat.postMessage C1 17.1 two true";
  const update = "chat.update C1 17.1 two";
  assert.deepEqual(await threadOf("Post"), [first, reply, other]);
  assert.deepEqual(await threadOf("PostAndUpdate"), [first, reply, update, other]);
  assert.deepEqual(await threadOf("Update"), [first, update, other]);
});
