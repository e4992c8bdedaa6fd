/** What notifiers that send over HTTP have in common. */
import type { Delivery, NotifierPorts } from "../../sdk/notifier.ts";
import type { HttpRequest, HttpResponse } from "../../sdk/ports.ts";
import { type Fields, fieldsOf, isFields } from "../../sdk/wire/json.ts";
import { retryAfterMs } from "../retry_after.ts";
import { errorText } from "../../sdk/wire/error_text.ts";

/** Who says so says it of this very message: it will never be taken. */
const REFUSALS: readonly number[] = [400, 404, 405, 410, 413, 415, 422];
const TOLD_MAX = 300;

/** Sends a request, and tells what its status means for the message. */
export async function deliver(
  request: HttpRequest,
  config: Fields,
  ports: NotifierPorts,
): Promise<Delivery> {
  const response = await send(request, config, ports);
  return "status" in response ? { is: "sent" } : response;
}

/**
 * The answer, where it says success.
 * @throws {Error} for one that may be another later
 */
export async function send(
  request: HttpRequest,
  config: Fields,
  ports: NotifierPorts,
): Promise<HttpResponse | Exclude<Delivery, { is: "sent" }>> {
  const insecure = isTrue(fieldIn(config, "insecureSkipVerify"));
  const response = await ports.fetch(insecure ? { ...request, insecure } : request);
  const { status, headers } = response;
  if (status >= 200 && status <= 299) return response;
  const message = statusText(response);
  if (status === 429 || status === 503) {
    const delayMs = retryAfterMs(headers["retry-after"], ports.now());
    if (delayMs !== undefined) {
      return { is: "later", retryAtMs: ports.now() + delayMs, message };
    }
  }
  if (REFUSALS.includes(status)) return { is: "refused", message };
  throw new Error(message);
}

/** What an answer says, in one sentence. */
export function statusText({ status, body }: HttpResponse): string {
  const told = body.replace(/\s+/g, " ").trim();
  const text = told.length > TOLD_MAX ? `${told.slice(0, TOLD_MAX)}...` : told;
  return `the service answered with status ${status}${text === "" ? "" : `: ${text}`}`;
}

/** A request with a JSON body. */
export function jsonRequest(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

/**
 * A field of a configuration or a template. Argo Rollouts takes names in capitals or not: its own
 * pages have `apiURL` for `apiUrl`, and `serviceID` for `serviceId`.
 */
export function fieldIn(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  const wanted = name.toLowerCase();
  const alike = Object.keys(fields).find((each) => each.toLowerCase() === wanted);
  return alike === undefined ? undefined : fields[alike];
}

/** The first characters of a text; a service refuses one that is longer. */
export function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : [...text].slice(0, charactersMax).join("");
}

/** A field of a configuration as text; empty: it is not set. */
export function textIn(config: Fields, name: string): string {
  const value = fieldIn(config, name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** True for what is written as such, with quotes or without. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** The header for a name and a password; it is concealed. */
export function basicAuth(
  { username, password }: { readonly username: string; readonly password: string },
  ports: Pick<NotifierPorts, "conceal">,
): string {
  const proof = new TextEncoder().encode(`${username}:${password}`).toBase64();
  ports.conceal(proof);
  return `Basic ${proof}`;
}

/** An address without slashes at its end, and a path after it. */
export function joined(url: string, path: string): string {
  if (path === "") return url;
  return `${url.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

/** What is wrong with required fields of a configuration. */
export function missingProblems(config: Fields, ...names: readonly string[]): string[] {
  return names.filter((name) => textIn(config, name) === "").map((name) => `"${name}" is missing`);
}

/**
 * JSON that a template wrote into a text, or wrote as YAML.
 * @throws {SyntaxError} for a text that is no JSON
 */
export function jsonIn(content: Fields, name: string): unknown {
  const value = fieldIn(content, name);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return value;
  if (value.trim() === "") return undefined;
  try {
    return JSON.parse(value);
  } catch (error) {
    const detail = errorText(error);
    throw new BadContent(`"${name}" of the template is no JSON: ${detail}`);
  }
}

/** Content that no service takes. */
export class BadContent extends Error {
  override readonly name = "BadContent";
}

/** The work's outcome; content that no service takes is refused. */
export async function unlessBad(work: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadContent) return { is: "refused", message: error.message };
    throw error;
  }
}

/** The text of a map of a configuration for this recipient, such as the URL of its webhook. */
export function keyFor(
  config: Fields,
  map: string,
  recipient: string,
): string | Extract<Delivery, { is: "refused" }> {
  const key = fieldsOf(fieldIn(config, map))[recipient];
  if (typeof key === "string" && key !== "") return key;
  return { is: "refused", message: `no "${recipient}" in "${map}" of the service` };
}

/** What is wrong with a map of texts. */
export function mapProblems(config: Fields, name: string): string[] {
  const texts = Object.values(fieldsOf(fieldIn(config, name)));
  if (texts.length === 0) return [`"${name}" is missing`];
  const isWrong = texts.some((text) => typeof text !== "string" || text === "");
  return isWrong ? [`"${name}" must hold texts`] : [];
}

/** A host with `https://` before it, unless it names a scheme. */
export function withScheme(address: string): string {
  return /^https?:\/\//.test(address) ? address : `https://${address}`;
}

/** JSON as it stands; undefined for a text that is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object in an answer. @throws {Error} for one that is no JSON object */
export function answerOf({ body }: HttpResponse): Fields {
  const answer = jsonOf(body);
  if (isFields(answer)) return answer;
  throw new Error("the answer of the service is no JSON object");
}
