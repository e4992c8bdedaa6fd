import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, textOf } from "../../../sdk/wire/json.ts";
import {
  answerOf,
  deliver,
  joined,
  jsonIn,
  jsonRequest,
  send as ask,
  textIn,
  unlessBad,
} from "../http.ts";

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  return await unlessBad(async () => {
    const { config } = call;
    const server = textIn(config, "serverUrl");
    const login = { user: textIn(config, "email"), password: textIn(config, "password") };
    const response = await ask(
      jsonRequest(joined(server, "api/v1/login"), login),
      config,
      ports,
    );
    if ("is" in response) return response;
    const data = fieldsOf(answerOf(response)["data"]);
    const headers = {
      "x-auth-token": textOf(data["authToken"]),
      "x-user-id": textOf(data["userId"]),
    };
    ports.conceal(headers["x-auth-token"]);
    const url = joined(server, "api/v1/chat.postMessage");
    return await deliver(jsonRequest(url, postOf(call), headers), config, ports);
  });
}

function postOf({ config, recipient, message, content }: NotifyCall): Fields {
  const [alias, emoji, avatar] = ["alias", "icon", "avatar"].map((name) => textIn(config, name));
  const attachments = jsonIn(content, "attachments");
  return {
    ...(/^[#@]/.test(recipient) ? { channel: recipient } : { roomId: recipient }),
    text: message,
    ...(alias ? { alias } : {}),
    ...(emoji ? { emoji } : {}),
    ...(avatar ? { avatar } : {}),
    ...(attachments === undefined ? {} : { attachments }),
  };
}
