import { createTransport } from "nodemailer";
import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf } from "../../../sdk/wire/json.ts";
import { fieldIn, isTrue, textIn } from "../http.ts";
import { MailSocket } from "./mail_socket.ts";

/** The port on which TLS comes before everything else. */
const TLS_PORT = 465;
const TIMEOUT_MS = 15_000;
/** Codes of servers that say so of this recipient or this message, and mean it. */
const REFUSALS: readonly number[] = [550, 551, 552, 553, 554];

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { config } = call;
  const [username, password] = [textIn(config, "username"), textIn(config, "password")];
  for (const proof of proofs(username, password)) ports.conceal(proof);
  const port = Number(textIn(config, "port"));
  const host = textIn(config, "host");
  const socket = new MailSocket({ host, port }, TIMEOUT_MS);
  const transport = createTransport({
    host,
    port,
    getSocket: socket.open,
    secure: port === TLS_PORT,
    tls: { rejectUnauthorized: !isTrue(fieldIn(config, "insecure_skip_verify")) },
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(username === "" && password === "" ? {} : { auth: { user: username, pass: password } }),
  });
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const abort = () => {
    reject(ports.signal.reason);
    socket.close();
  };
  ports.signal.addEventListener("abort", abort);
  try {
    ports.signal.throwIfAborted();
    await Promise.race([transport.sendMail(mailOf(call)), ended]);
    return { is: "sent" };
  } catch (error) {
    if (ports.signal.aborted) throw error;
    const { responseCode, message } = fieldsOf(error);
    const text = `the mail server did not take it: ${String(message).split("\n")[0]}`;
    if (REFUSALS.includes(Number(responseCode))) return { is: "refused", message: text };
    throw new Error(text);
  } finally {
    ports.signal.removeEventListener("abort", abort);
    transport.close();
    socket.close();
  }
}

function mailOf({ id, config, recipient, message, content, about }: NotifyCall): Fields {
  const from = textIn(config, "from");
  const body = textIn(content, "body") || message;
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? "localhost";
  return {
    from,
    to: recipient,
    subject: textIn(content, "subject") || `${about.kind} ${about.namespace}/${about.name}`,
    // The same at every try: who gets it twice can tell.
    messageId: `<${id}@${domain}>`,
    ...(isTrue(fieldIn(config, "html")) ? { html: body } : { text: body }),
    // No template reads files or asks addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What name and password are sent as. */
function proofs(username: string, password: string): string[] {
  const texts = [`\0${username}\0${password}`, password];
  return texts.map((text) => new TextEncoder().encode(text).toBase64());
}
