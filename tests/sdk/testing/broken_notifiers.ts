/** A notifier that obeys all laws, and one that breaks each of them. */
import type { Delivery, Notifier, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import type { HttpRequest } from "../../../sdk/ports.ts";
import type { NotifierSubject } from "../../../sdk/testing/notifier.ts";

const URL = "https://bell.test/ring";

function requestOf({ config, recipient, message, content }: NotifyCall): HttpRequest {
  const body = JSON.stringify({ recipient, message, ...content });
  return { method: "POST", url: URL, headers: { authorization: `${config["token"]}` }, body };
}

async function ring(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { status, headers, body } = await ports.fetch(requestOf(call));
  if (status === 429) {
    const retryAtMs = ports.now() + Number(headers["retry-after"]) * 1_000;
    return { is: "later", retryAtMs, message: "the bell is busy" };
  }
  if (status === 404) return { is: "refused", message: "no such bell" };
  if (status !== 200) throw new Error(`the bell answered with status ${status}: ${body}`);
  return { is: "sent" };
}

const bell: Notifier = {
  name: "bell",
  problems: ({ token }) => typeof token === "string" ? [] : ['"token" is missing'],
  send: ring,
};

export const bellSubject: NotifierSubject = {
  notifier: bell,
  config: { token: "token-of-the-bell" },
  recipient: "tower",
  content: { tone: "c" },
  refusal: () => ({ status: 404 }),
  secrets: ["token-of-the-bell"],
};

interface BrokenNotifier {
  readonly wrong: string;
  readonly law: string;
  readonly send?: Notifier["send"];
  readonly problems?: Notifier["problems"];
}

let sent = 0;

const BROKEN: readonly BrokenNotifier[] = [
  {
    wrong: "asks nobody",
    law: "a message that the service takes is sent, with its text",
    send: () => Promise.resolve({ is: "sent" }),
  },
  {
    wrong: "counts",
    law: "the same message twice is the same requests",
    send: (call, ports) => ring({ ...call, message: `${call.message} ${sent++}` }, ports),
  },
  {
    wrong: "writes into its call",
    law: "what goes in stays as it is, and what comes out is plain data",
    send(call, ports) {
      (call.content as Record<string, unknown>)["tone"] = "d";
      return ring(call, ports);
    },
  },
  {
    wrong: "takes silence for a yes",
    law: "no answer is an error, and never a delivery",
    send: (call, ports) => ring(call, ports).catch(() => ({ is: "sent" as const })),
  },
  {
    wrong: "does not look at the status",
    law: "an answer that says failure is an error, and never a delivery",
    async send(call, ports) {
      await ports.fetch(requestOf(call));
      return { is: "sent" };
    },
  },
  {
    wrong: "tries for a bell that is not there",
    law: "a recipient that the service does not know is refused, and no error",
    async send(call, ports) {
      const delivery = await ring(call, ports);
      if (delivery.is === "refused") throw new Error(delivery.message);
      return delivery;
    },
  },
  {
    wrong: "does not hear that the bell is busy",
    law: "a service that asks for time has it",
    async send(call, ports) {
      const delivery = await ring(call, ports);
      if (delivery.is === "later") throw new Error(delivery.message);
      return delivery;
    },
  },
  {
    wrong: "tries again by itself",
    law: "it tries once, and leaves further tries to the core",
    send: (call, ports) => ring(call, ports).catch(() => ring(call, ports)),
  },
  {
    wrong: "goes on when nobody waits",
    law: "given up while it waits, it ends and asks for nothing more",
    async send(call, ports) {
      try {
        return await ring(call, ports);
      } catch (error) {
        if (ports.signal.aborted) await ports.fetch(requestOf(call)).catch(() => {});
        throw error;
      }
    },
  },
  {
    wrong: "tells its token in base64",
    law: "nothing that it says holds a secret",
    async send(call, ports) {
      const delivery = await ring(call, ports);
      const proof = new TextEncoder().encode(`user:${call.config["token"]}`).toBase64();
      ports.log("info", `authorization: Basic ${proof}`);
      return delivery;
    },
  },
  {
    wrong: "throws at an odd configuration",
    law: "whatever stands in a configuration, what is wrong with it is told in sentences",
    problems: ({ token }) => (token as string).trim() === "" ? ["no token"] : [],
  },
  {
    wrong: "throws at an odd template",
    law: "whatever stands in a template, it ends with a delivery or an error",
    send(call, ports) {
      (call.content["tone"] as string).trim();
      return ring(call, ports);
    },
  },
];

export const BROKEN_NOTIFIERS: readonly (BrokenNotifier & { subject: NotifierSubject })[] = BROKEN
  .map((broken) => {
    const { send = ring, problems = bell.problems } = broken;
    const notifier: Notifier = { ...bell, send, ...(problems === undefined ? {} : { problems }) };
    return { ...broken, subject: { ...bellSubject, notifier } };
  });
