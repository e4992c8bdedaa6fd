import { isIP } from "node:net";
import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";
import { type Fields, fieldsOf, scalarText } from "../../../sdk/wire/json.ts";
import { fieldIn, jsonOf, textIn } from "../http.ts";
import { loginOf } from "./login.ts";
import { type ServerAddress, serverAddresses } from "./server_address.ts";
import { Talk } from "./talk.ts";

/** Streams of NATS take a second message of this id for the first. */
const ID_HEADER = "Nats-Msg-Id";

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { config, recipient, message } = call;
  if (!/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(recipient)) {
    return { is: "refused", message: `"${recipient}" is no subject that can be published on` };
  }
  const headers = headerBlock(call);
  if (headers === undefined) {
    return { is: "refused", message: '"headers" of the service hold what no header may hold' };
  }
  const bytes = new TextEncoder().encode(`${headers}${message}`);
  ports.signal.throwIfAborted();
  const { talk, maxBytes } = await connected(config, ports);
  const abort = () => talk.end(ports.signal.reason);
  ports.signal.addEventListener("abort", abort);
  try {
    ports.signal.throwIfAborted();
    if (bytes.length > maxBytes) {
      const text = `the message has ${bytes.length} bytes, the server takes ${maxBytes}`;
      return { is: "refused", message: text };
    }
    const headersLength = new TextEncoder().encode(headers).length;
    talk.say(`HPUB ${recipient} ${headersLength} ${bytes.length}\r\n`);
    talk.say(bytes);
    // The server has it once it answers what came after it.
    talk.say("\r\nPING\r\n");
    await heard(talk);
    return { is: "sent" };
  } catch (error) {
    throw new Error(`NATS did not take it: ${errorText(error)}`);
  } finally {
    ports.signal.removeEventListener("abort", abort);
    talk.end();
  }
}

/** Headers as NATS writes them; undefined: one cannot be written. */
function headerBlock({ id, config }: NotifyCall): string | undefined {
  const own = Object.entries(fieldsOf(fieldIn(config, "headers")));
  const headers = own.map(([name, value]) => [name, scalarText(value).trim()] as const);
  const isWrong = headers.some(([name, value]) =>
    !/^[!-9;-~]+$/.test(name) || /[\r\n]/.test(value)
  );
  if (isWrong) return undefined;
  const lines = [[ID_HEADER, id], ...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return `NATS/1.0\r\n${lines.join("")}\r\n`;
}

interface Connected {
  readonly talk: Talk;
  readonly maxBytes: number;
}

/** The first of the servers that takes us in. */
async function connected(config: Fields, ports: NotifierPorts): Promise<Connected> {
  let failure: unknown = new Error('"url" holds no address of a NATS server');
  for (const address of serverAddresses(textIn(config, "url")) ?? []) {
    if (address.password !== "") ports.conceal(address.password);
    const talk = new Talk(address);
    const abort = () => talk.end(ports.signal.reason);
    ports.signal.addEventListener("abort", abort);
    try {
      return { talk, maxBytes: await logIn(talk, config, address) };
    } catch (error) {
      talk.end();
      failure = error;
      ports.signal.throwIfAborted();
    } finally {
      ports.signal.removeEventListener("abort", abort);
    }
  }
  throw new Error(`Cannot connect to NATS: ${errorText(failure)}`);
}

/** Gives the bytes that the server takes at most. */
async function logIn(talk: Talk, config: Fields, address: ServerAddress): Promise<number> {
  const info = infoOf(await talk.line());
  const isTls = address.isTls || info["tls_required"] === true || info["tls_available"] === true;
  if (isTls) await talk.encrypt(isIP(address.host) === 0 ? address.host : "");
  if (info["headers"] !== true) throw new Error("the server takes no headers");
  const options = {
    ...{ verbose: false, pedantic: false, tls_required: isTls, name: "sluice" },
    ...{ lang: "typescript", version: "1.0.0", protocol: 1, headers: true, no_responders: true },
    ...await loginOf(config, address, String(info["nonce"] ?? "")),
  };
  // In one piece: a server that refuses the first half resets the connection over the second.
  talk.say(`CONNECT ${JSON.stringify(options)}\r\nPING\r\n`);
  await heard(talk);
  const maxBytes = Number(info["max_payload"]);
  return maxBytes > 0 ? maxBytes : Infinity;
}

function infoOf(line: string): Fields {
  const [, text = ""] = /^INFO\s+(.*)$/i.exec(line) ?? [];
  const info = fieldsOf(jsonOf(text));
  if (Object.keys(info).length > 0) return info;
  throw new Error("what answers there is no NATS server");
}

/** Waits for the answer to our PING. @throws {Error} with the words of a server that refuses */
async function heard(talk: Talk): Promise<void> {
  for (;;) {
    const line = await talk.line();
    const [verb = ""] = line.split(/\s/, 1);
    switch (verb.toUpperCase()) {
      case "PONG":
        return;
      case "PING":
        talk.say("PONG\r\n");
        break;
      case "-ERR":
        throw new Error(line.slice(verb.length).trim().replace(/^'|'$/g, ""));
      default: // INFO of a cluster that changes, or +OK.
    }
  }
}
