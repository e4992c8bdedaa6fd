import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { fieldsOf } from "../../../sdk/wire/json.ts";
import { joined, jsonOf, jsonRequest, statusText, textIn } from "../http.ts";

const API = "https://api.telegram.org";

/** A chat has a number below zero, and a thread after a `|`; channels have names. */
export async function send(
  { config, recipient, message }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const [chat = "", thread] = recipient.split("|");
  const post = {
    chat_id: chat.startsWith("-") || /^[@\d]/.test(chat) ? chat : `@${chat}`,
    text: message,
    parse_mode: "Markdown",
    ...(thread === undefined ? {} : { message_thread_id: Number(thread) }),
  };
  const token = textIn(config, "token");
  const url = joined(textIn(config, "apiURL") || API, `bot${token}/sendMessage`);
  const response = await ports.fetch(jsonRequest(url, post));
  if (response.status >= 200 && response.status <= 299) return { is: "sent" };
  const answer = statusText(response);
  if (response.status === 429) {
    const { parameters } = fieldsOf(jsonOf(response.body));
    const seconds = Number(fieldsOf(parameters)["retry_after"] ?? response.headers["retry-after"]);
    if (seconds >= 0) {
      return { is: "later", retryAtMs: ports.now() + seconds * 1000, message: answer };
    }
  }
  // A token that is wrong can be mended; a chat that is not there is not there.
  if (response.status === 400 || response.status === 403) return { is: "refused", message: answer };
  throw new Error(answer);
}
