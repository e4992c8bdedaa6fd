import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonIn, jsonRequest, textIn, unlessBad } from "../http.ts";

export async function send(
  { config, recipient, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  return await unlessBad(async () => {
    const attachments = jsonIn(content, "attachments");
    const post = {
      channel_id: recipient,
      message,
      ...(attachments === undefined ? {} : { props: { attachments } }),
    };
    const url = joined(textIn(config, "apiURL"), "api/v4/posts");
    const headers = { authorization: `Bearer ${textIn(config, "token")}` };
    return await deliver(jsonRequest(url, post, headers), config, ports);
  });
}
