import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { fieldsOf, isFields, scalarText, textOf } from "../../../sdk/wire/json.ts";
import {
  answerOf,
  deliver,
  fieldIn,
  joined,
  jsonOf,
  jsonRequest,
  send as ask,
  textIn,
} from "../http.ts";
import { signedToken } from "../jwt.ts";

const API = "https://pubsub.googleapis.com";
const TOKENS = "https://oauth2.googleapis.com/token";
const MACHINE =
  "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token";
const SCOPE = "https://www.googleapis.com/auth/pubsub";
const CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS";

type Refusal = Exclude<Delivery, { is: "sent" }>;

export async function send(
  { id, config, recipient, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const token = await tokenOf(textIn(config, "keyFile"), ports);
  if (typeof token !== "string") return token;
  const attributes = Object.fromEntries(
    Object.entries(fieldsOf(fieldIn(content, "attributes"))).map((
      [name, text],
    ) => [name, scalarText(text)]),
  );
  const data = new TextEncoder().encode(message).toBase64();
  const topic = recipient || textIn(config, "topic");
  const path = `v1/projects/${textIn(config, "project")}/topics/${topic}:publish`;
  const messages = [{ data, attributes: { notification: id, ...attributes } }];
  const url = joined(textIn(config, "apiURL") || API, path);
  const headers = { authorization: `Bearer ${token}` };
  return await deliver(jsonRequest(url, { messages }, headers), config, ports);
}

/** By the key of a service account, or as the machine that this runs on. */
async function tokenOf(keyFile: string, ports: NotifierPorts): Promise<string | Refusal> {
  const text = keyFile === "" ? await ports.settingFile(CREDENTIALS) : await ports.file(keyFile);
  const response = text === undefined
    ? await ask({ url: MACHINE, headers: { "metadata-flavor": "Google" } }, {}, ports)
    : await ask(await tokenRequest(text, ports), {}, ports);
  if ("is" in response) {
    // That nobody gives a token is no fault of the message.
    if (response.is === "refused") throw new Error(`no token of Google: ${response.message}`);
    return response;
  }
  const token = textOf(answerOf(response)["access_token"]);
  if (token === "") throw new Error("Google gave no token");
  ports.conceal(token);
  return token;
}

async function tokenRequest(text: string, ports: NotifierPorts) {
  const key = jsonOf(text);
  if (!isFields(key)) throw new Error("the key file of Google is no JSON object");
  const privateKey = textOf(key["private_key"]);
  ports.conceal(privateKey);
  const nowSeconds = Math.floor(ports.now() / 1000);
  const audience = textOf(key["token_uri"]) || TOKENS;
  const assertion = await signedToken({
    iss: textOf(key["client_email"]),
    scope: SCOPE,
    aud: audience,
    iat: nowSeconds,
    exp: nowSeconds + 3_600,
  }, privateKey);
  ports.conceal(assertion);
  const grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  return {
    method: "POST",
    url: audience,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: grant, assertion }).toString(),
  };
}
