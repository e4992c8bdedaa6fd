import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import { answerOf, fieldIn, joined, jsonRequest, send as ask, textIn } from "../http.ts";
import { signedToken } from "../jwt.ts";
import { actionsOf, GitHubRepository } from "./actions.ts";

const API = "https://api.github.com";
const TOKEN_LIFE_SECONDS = 540;

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { content } = call;
  const url = textIn(content, "repoURLPath");
  const name = /[/:]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(url)?.[1];
  if (name === undefined) {
    const message = `"repoURLPath" of the template is no address of a repository: "${url}"`;
    return { is: "refused", message };
  }
  const api = apiOf(call.config);
  const token = await tokenOf(api, call, ports);
  if (typeof token !== "string") return token;
  const repository = new GitHubRepository({
    name,
    revision: textIn(content, "revisionPath"),
    async ask(path, body, method = body === undefined ? "GET" : "POST") {
      const { body: text, ...request } = jsonRequest(joined(api, path), body, headersWith(token));
      const asked = { ...request, method, ...(text === undefined ? {} : { body: text }) };
      return await ask(asked, call.config, ports);
    },
  });
  for (const act of actionsOf(call)) {
    const delivery = await act(repository);
    if (delivery.is !== "sent") return delivery;
  }
  return { is: "sent" };
}

function apiOf(config: Fields): string {
  const enterprise = textIn(config, "enterpriseBaseURL");
  if (enterprise === "") return API;
  return /\/api\/v3\/?$/.test(enterprise) ? enterprise : joined(enterprise, "api/v3");
}

function headersWith(token: string): Record<string, string> {
  return {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "x-github-api-version": "2022-11-28",
    "user-agent": "sluice",
  };
}

/** The token of the app's installation. */
async function tokenOf(
  api: string,
  { config }: NotifyCall,
  ports: NotifierPorts,
): Promise<string | Exclude<Delivery, { is: "sent" }>> {
  const nowSeconds = Math.floor(ports.now() / 1000);
  const claims = {
    // Clocks differ.
    iat: nowSeconds - 60,
    exp: nowSeconds + TOKEN_LIFE_SECONDS,
    iss: textIn(config, "appID"),
  };
  const proof = await signedToken(claims, textOf(fieldIn(config, "privateKey")));
  ports.conceal(proof);
  const path = `app/installations/${textIn(config, "installationID")}/access_tokens`;
  const response = await ask(
    jsonRequest(joined(api, path), {}, headersWith(proof)),
    config,
    ports,
  );
  if ("is" in response) {
    if (response.is === "refused") throw new Error(`no token of GitHub: ${response.message}`);
    return response;
  }
  const token = textOf(fieldsOf(answerOf(response))["token"]);
  if (token === "") throw new Error("GitHub gave no token");
  ports.conceal(token);
  return token;
}
