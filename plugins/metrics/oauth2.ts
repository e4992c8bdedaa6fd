/** OAuth 2 with client credentials: a token for each measurement. */
import type { MetricPorts } from "../../sdk/metric_provider.ts";
import { fieldsOf, textOf } from "../../sdk/wire/json.ts";
import type { OAuth2Config } from "./http_config.ts";
import { jsonOf } from "./json.ts";
import { unbusy } from "./later.ts";

export interface TokenOptions {
  readonly insecure: boolean;
  readonly timeoutMs: number;
}

/** The header that proves who asks. */
export async function oauth2Header(
  { tokenUrl = "", clientId = "", clientSecret = "", scopes = [] }: OAuth2Config,
  { insecure, timeoutMs }: TokenOptions,
  ports: Pick<MetricPorts, "conceal" | "fetch" | "now">,
): Promise<string> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  const ask = async (headers: Record<string, string>, fields: Record<string, string>) => {
    const body = new URLSearchParams([...form, ...Object.entries(fields)]);
    const answer = await ports.fetch({
      method: "POST",
      url: tokenUrl,
      headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
      body: body.toString(),
      insecure,
      timeoutMs,
    });
    return unbusy(answer, ports.now());
  };
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(":");
  // Servers take the client's name in the header, in the form, or in one of them alone.
  const proof = btoa(pair);
  ports.conceal(proof);
  let answer = await ask({ authorization: `Basic ${proof}` }, {});
  if (!isSuccess(answer.status)) {
    answer = await ask({}, { client_id: clientId, client_secret: clientSecret });
  }
  if (!isSuccess(answer.status)) {
    throw new Error(`oauth2: cannot fetch token: status ${answer.status}`);
  }
  const { access_token: token, token_type: type } = fieldsOf(jsonOf(answer.body));
  ports.conceal(textOf(token));
  if (textOf(token) === "") throw new Error("oauth2: server response missing access_token");
  return `${/^bearer$/i.test(textOf(type)) ? "Bearer" : textOf(type) || "Bearer"} ${token}`;
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
