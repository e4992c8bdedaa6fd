import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, textOf } from "../../../sdk/wire/json.ts";
import {
  answerOf,
  deliver,
  fieldIn,
  isTrue,
  joined,
  jsonIn,
  jsonRequest,
  send as request,
  textIn,
  unlessBad,
} from "../http.ts";

const API = "https://slack.com/api";
/** Errors that are no fault of the message: they may be over later. */
const PASSING: readonly string[] = [
  ...["ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"],
  ...["request_timeout", "team_added_to_org", "not_in_channel"],
  // A token can be mended.
  ...["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"],
  ...["missing_scope"],
];

/** A message, as Slack names it. */
interface Root {
  readonly channel: string;
  readonly ts: string;
}

/** What a call came to, with the message that it made. */
type Answer = Exclude<Delivery, { is: "sent" }> | ({ readonly is: "sent" } & Root);

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  return await unlessBad(async () => {
    const { config } = call;
    const hook = textIn(config, "webhookUrl");
    if (hook !== "" && textIn(config, "token") === "") {
      return await deliver(jsonRequest(hook, payloadOf(call)), config, ports);
    }
    return await new Slack(call, ports).send();
  });
}

/** What is shown, however it is sent. */
function payloadOf({ config, content, message }: NotifyCall): Fields {
  const username = textIn(content, "username") || textIn(config, "username");
  const icon = textIn(content, "icon") || textIn(config, "icon");
  const attachments = jsonIn(content, "attachments");
  const blocks = jsonIn(content, "blocks");
  const isUnfurled = !isTrue(fieldIn(config, "disableUnfurl"));
  return {
    text: message,
    ...(username === "" ? {} : { username }),
    ...(/^:.+:$/.test(icon) ? { icon_emoji: icon } : {}),
    ...(/^https?:\/\//.test(icon) ? { icon_url: icon } : {}),
    ...(attachments === undefined ? {} : { attachments }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(isUnfurled ? {} : { unfurl_links: false, unfurl_media: false }),
  };
}

/** One message by the API. */
class Slack {
  readonly #call: NotifyCall;
  readonly #ports: NotifierPorts;

  constructor(call: NotifyCall, ports: NotifierPorts) {
    this.#call = call;
    this.#ports = ports;
  }

  async send(): Promise<Delivery> {
    const { content, recipient } = this.#call;
    const groupingKey = textIn(content, "groupingKey");
    const name = JSON.stringify([recipient, groupingKey]);
    const root = groupingKey === "" ? undefined : this.#root(name);
    const policy = textIn(content, "deliveryPolicy") || "Post";
    if (root === undefined) return await this.#post(name, groupingKey !== "");
    if (policy !== "Update") {
      const posted = await this.#reply(root);
      if (posted.is !== "sent" || policy === "Post") return posted;
    }
    return await this.#update(root);
  }

  /** A message by itself; the first of a thread is remembered. */
  async #post(name: string, isThread: boolean): Promise<Delivery> {
    const payload = { channel: this.#call.recipient, ...payloadOf(this.#call) };
    const answer = await this.#ask("chat.postMessage", payload);
    if (answer.is === "sent" && isThread) {
      const { channel, ts } = answer;
      this.#ports.memory.set(name, JSON.stringify({ channel, ts }));
    }
    return deliveryOf(answer);
  }

  async #reply({ channel, ts }: Root): Promise<Delivery> {
    const isBroadcast = isTrue(fieldIn(this.#call.content, "notifyBroadcast"));
    return deliveryOf(
      await this.#ask("chat.postMessage", {
        channel,
        ...payloadOf(this.#call),
        thread_ts: ts,
        ...(isBroadcast ? { reply_broadcast: true } : {}),
      }),
    );
  }

  async #update({ channel, ts }: Root): Promise<Delivery> {
    const { text, attachments, blocks } = payloadOf(this.#call);
    return deliveryOf(await this.#ask("chat.update", { channel, ts, text, attachments, blocks }));
  }

  #root(name: string): Root | undefined {
    const text = this.#ports.memory.get(name);
    return text === undefined ? undefined : JSON.parse(text) as Root;
  }

  async #ask(method: string, payload: Fields): Promise<Answer> {
    const { config, recipient } = this.#call;
    const url = joined(textIn(config, "apiURL") || API, method);
    const authorization = `Bearer ${textIn(config, "token")}`;
    const asked = jsonRequest(url, payload, {
      "content-type": "application/json; charset=utf-8",
      authorization,
    });
    const response = await request(asked, config, this.#ports);
    if ("is" in response) return response;
    const answer = answerOf(response);
    const { ok, channel, ts } = answer;
    if (ok === true) return { is: "sent", channel: textOf(channel), ts: textOf(ts) };
    const error = textOf(answer["error"]) || "it did not say why";
    const message = `Slack refused a message to "${recipient}": ${error}`;
    if (PASSING.includes(error)) throw new Error(message);
    return { is: "refused", message };
  }
}

function deliveryOf(answer: Answer): Delivery {
  return answer.is === "sent" ? { is: "sent" } : answer;
}
