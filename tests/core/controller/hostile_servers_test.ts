/**
 * Servers that reset, close or fall silent at every point of a talk: whoever talks to them ends with
 * an outcome, nothing stays open, and nothing reaches the process that would end it.
 */
import assert from "node:assert/strict";
import { HttpClient } from "../../../core/controller/http_client.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import { email } from "../../../plugins/notify/email/mod.ts";
import { nats } from "../../../plugins/notify/nats/mod.ts";
import { NotifierTrial } from "../../../sdk/testing/notifier_trial.ts";
import type { Notifier } from "../../../sdk/notifier.ts";
import type { Fields } from "../../../sdk/wire/json.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";
import { HostileServer, type Line, MANNERS, type Talk } from "./hostile_server.ts";

/** What would end a process that does not hear it. */
const escaped: string[] = [];
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  escaped.push(`error: ${event.message}`);
});
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  escaped.push(`rejection: ${errorText(event.reason)}`);
});

/** Asks the server; resolves with how it went, as a word and a reason. */
type Ask = (port: number, signal: AbortSignal) => Promise<string>;

/** One that keeps a connection for the next request when all went well. */
const KEPT = "200 0123456789";

/** Tries each point and each manner, and gives each way in which a talk ended. */
async function outcomes(lines: readonly Line[], ask: Ask, times: number): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const manner of MANNERS) {
    for (let whole = 0; whole <= lines.length; whole++) {
      for (const isHalfSaid of [false, true]) {
        const talk = { lines, whole, isHalfSaid, manner };
        const tries = manner === "reset" ? times : 1;
        for (let time = 0; time < tries; time++) seen.add(await outcome(talk, ask));
      }
    }
  }
  return seen;
}

async function outcome(talk: Talk, ask: Ask): Promise<string> {
  await using server = await HostileServer.start(talk);
  const ending = new AbortController();
  const asking = ask(server.port, ending.signal);
  if (talk.manner === "silence") {
    await Promise.race([server.brokenOff, asking]);
    ending.abort(new Error("nobody waits any more"));
  }
  const text = await asking;
  if (text !== KEPT) await server.left();
  // What would escape does so by then.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(escaped.splice(0), [], JSON.stringify(talk));
  return text.replace(/127\.0\.0\.1:\d+/, "HOST");
}

function asker(notifier: Notifier, configOf: (port: number) => Fields): Ask {
  return async (port, signal) => {
    const config = configOf(port);
    const recipient = notifier.name === "email" ? "ops@mail.test" : "releases.web";
    const trial = new NotifierTrial({ notifier, config, recipient, message: "web is done" });
    signal.addEventListener("abort", () => trial.ending.abort(signal.reason));
    const outcome = await trial.send();
    return "error" in outcome ? `failed: ${outcome.error}` : outcome.is;
  };
}

const NATS = asker(nats, (port) => ({
  url: `nats://127.0.0.1:${port}`,
  user: "rollouts",
  password: "hunter2",
}));

function natsInfo(more: Fields = {}): string {
  const info = { server_id: "A", headers: true, max_payload: 1_048_576, ...more };
  return `INFO ${JSON.stringify(info)}\r\n`;
}

const NATS_LINES: readonly Line[] = [
  { say: natsInfo() },
  { after: /CONNECT[^]*PING\r\n/, say: "PONG\r\n" },
  { after: /HPUB[^]*PING\r\n/, say: "PONG\r\n" },
];

/** A server takes what comes after it for the beginning of TLS, and no TLS is what it hears. */
// deno-lint-ignore no-control-regex
const CLIENT_HELLO = /^\x16\x03/;

Deno.test("nats: whenever its server breaks off, there is an outcome and no error escapes", async () => {
  const seen = await outcomes(NATS_LINES, NATS, 8);
  const isTold = (text: string) =>
    text === "sent" || /^failed: (Cannot connect to NATS|NATS did not take it): \S/.test(text) ||
    text === "failed: nobody waits any more";
  assert.deepEqual([...seen].filter((text) => !isTold(text)), []);
  assert.ok(seen.has("sent"), "what was acknowledged is sent");
});

Deno.test("nats: a server that refuses the login and resets at once is heard", async () => {
  const lines = [
    { say: natsInfo({ auth_required: true }) },
    { after: /CONNECT/, say: "-ERR 'Authorization Violation'\r\n" },
  ];
  const talk: Talk = { lines, whole: 2, isHalfSaid: false, manner: "reset" };
  for (let time = 0; time < 100; time++) {
    const text = await outcome(talk, NATS);
    assert.equal(text, "failed: Cannot connect to NATS: Authorization Violation");
  }
});

Deno.test("nats: a server that breaks off while the talk becomes secret is an error", async () => {
  const lines = [{ say: natsInfo({ tls_required: true }) }, { after: CLIENT_HELLO, say: "no TLS" }];
  for (const text of await outcomes(lines, NATS, 8)) {
    assert.match(text, /^failed: (Cannot connect to NATS: \S|nobody waits any more)/);
  }
});

Deno.test("nats: what is no NATS server, or never ends its line, is an error", async () => {
  for (
    const [say, reason] of [
      ["HTTP/1.1 400 Bad Request\r\n", "what answers there is no NATS server"],
      ["INFO {}\r\n", "what answers there is no NATS server"],
      ["INFO [\r\n", "what answers there is no NATS server"],
      [`INFO ${" ".repeat(2_000_000)}`, "a line of it is too long"],
      [natsInfo({ headers: false }), "the server takes no headers"],
    ]
  ) {
    const lines = [{ say: say ?? "" }];
    const talk: Talk = { lines, whole: 1, isHalfSaid: false, manner: "end" };
    assert.equal(await outcome(talk, NATS), `failed: Cannot connect to NATS: ${reason}`);
  }
});

const EMAIL = asker(email, (port) => ({
  host: "127.0.0.1",
  port,
  from: "rollouts@mail.test",
  username: "rollouts",
  password: "hunter2",
  insecure_skip_verify: true,
}));

const EMAIL_LINES: readonly Line[] = [
  { say: "220 mail.test ESMTP\r\n" },
  { after: /EHLO[^]*\r\n/, say: "250-mail.test\r\n250 AUTH PLAIN\r\n" },
  { after: /AUTH PLAIN[^]*\r\n/, say: "235 welcome\r\n" },
  { after: /MAIL FROM[^]*\r\n/, say: "250 so be it\r\n" },
  { after: /RCPT TO[^]*\r\n/, say: "250 so be it\r\n" },
  { after: /DATA\r\n/, say: "354 go on\r\n" },
  { after: /\r\n\.\r\n/, say: "250 taken\r\n" },
  { after: /QUIT\r\n/, say: "221 bye\r\n" },
];

Deno.test("email: whenever its server breaks off, there is an outcome and no error escapes", async () => {
  const seen = await outcomes(EMAIL_LINES, EMAIL, 4);
  const isTold = (text: string) =>
    text === "sent" || /^failed: the mail server did not take it: \S/.test(text) ||
    text === "failed: nobody waits any more";
  assert.deepEqual([...seen].filter((text) => !isTold(text)), []);
  assert.ok(seen.has("sent"), "what was acknowledged is sent");
});

Deno.test("email: a server that breaks off while the talk becomes secret is an error", async () => {
  const lines = [
    { say: "220 mail.test ESMTP\r\n" },
    { after: /EHLO[^]*\r\n/, say: "250-mail.test\r\n250 STARTTLS\r\n" },
    { after: /STARTTLS\r\n/, say: "220 go on\r\n" },
    { after: CLIENT_HELLO, say: "no TLS" },
  ];
  for (const text of await outcomes(lines, EMAIL, 4)) {
    assert.match(text, /^failed: (the mail server did not take it: \S|nobody waits any more)/);
  }
});

/** What the other notifiers and the metric providers speak through. */
function http(scheme: "http" | "https", insecure: boolean): Ask {
  return async (port, signal) => {
    const client = new HttpClient({ clock: systemClock });
    try {
      const url = `${scheme}://127.0.0.1:${port}/hook`;
      const request = { method: "POST", url, body: "web is done", insecure };
      const { status, body } = await client.send(request, signal);
      return `${status} ${body}`;
    } catch (error) {
      return `failed: ${errorText(error)}`;
    } finally {
      client.close();
    }
  };
}

Deno.test("HTTP: whenever a server breaks off, there is an outcome and no error escapes", async () => {
  const lines = [
    { after: /web is done/, say: "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n" },
    { say: "content-type: text/plain\r\n\r\n" },
    { say: "0123456789" },
  ];
  const seen = await outcomes(lines, http("http", false), 8);
  const isTold = (text: string) =>
    text === KEPT || /^failed: (Cannot reach http:\/\/HOST: \S|nobody)/.test(text);
  assert.deepEqual([...seen].filter((text) => !isTold(text)), []);
  const secret = [{ after: CLIENT_HELLO, say: "no TLS" }];
  for (const insecure of [false, true]) {
    for (const text of await outcomes(secret, http("https", insecure), 8)) {
      assert.match(text, /^failed: (Cannot (reach|trust) https:\/\/HOST: \S|nobody)/);
    }
  }
});
