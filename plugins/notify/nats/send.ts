import {
  connect,
  type ConnectionOptions,
  headers as natsHeaders,
  type NatsConnection,
  nkeyAuthenticator,
} from "@nats-io/transport-node";
import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, scalarText } from "../../../sdk/wire/json.ts";
import { fieldIn, textIn } from "../http.ts";
import { errorText } from "../../../sdk/wire/error_text.ts";

const TIMEOUT_MS = 10_000;
/** Streams of NATS take a second message of this id for the first. */
const ID_HEADER = "Nats-Msg-Id";

export async function send(
  { id, config, recipient, message }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  if (!/^[^\s.*>]+(\.[^\s.*>]+)*$/.test(recipient)) {
    return { is: "refused", message: `"${recipient}" is no subject that can be published on` };
  }
  ports.signal.throwIfAborted();
  const connection = await connected(config);
  const abort = () => void connection.close();
  ports.signal.addEventListener("abort", abort);
  try {
    ports.signal.throwIfAborted();
    const headers = natsHeaders();
    headers.set(ID_HEADER, id);
    for (const [name, value] of Object.entries(fieldsOf(fieldIn(config, "headers")))) {
      headers.set(name, scalarText(value));
    }
    connection.publish(recipient, message, { headers });
    // The server has it once it answers what came after it.
    await connection.flush();
    return { is: "sent" };
  } catch (error) {
    const detail = errorText(error);
    throw new Error(`NATS did not take it: ${detail}`);
  } finally {
    ports.signal.removeEventListener("abort", abort);
    await connection.close();
  }
}

async function connected(config: Fields): Promise<NatsConnection> {
  try {
    return await connect(optionsOf(config));
  } catch (error) {
    const detail = errorText(error);
    throw new Error(`Cannot connect to NATS: ${detail}`);
  }
}

function optionsOf(config: Fields): ConnectionOptions {
  const [pass, nkey] = ["password", "nkey"].map((name) => textIn(config, name));
  const user = textIn(config, "username") || textIn(config, "user");
  const seed = new TextEncoder().encode(nkey?.trim());
  return {
    servers: textIn(config, "url").split(",").map((each) => each.trim()),
    name: "sluice",
    timeout: TIMEOUT_MS,
    reconnect: false,
    ...(user ? { user, pass: pass ?? "" } : {}),
    ...(nkey ? { authenticator: nkeyAuthenticator(seed) } : {}),
  };
}
