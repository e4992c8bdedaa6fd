/** Notifiers that write to people: what they are told, and the requests that follow. */
import { googleChat } from "../../../plugins/notify/googlechat/mod.ts";
import { mattermost } from "../../../plugins/notify/mattermost/mod.ts";
import { pushover } from "../../../plugins/notify/pushover/mod.ts";
import { rocketchat } from "../../../plugins/notify/rocketchat/mod.ts";
import { slack } from "../../../plugins/notify/slack/mod.ts";
import { teams } from "../../../plugins/notify/teams/mod.ts";
import { teamsWorkflows } from "../../../plugins/notify/teams_workflows/mod.ts";
import { telegram } from "../../../plugins/notify/telegram/mod.ts";
import { webex } from "../../../plugins/notify/webex/mod.ts";
import type { PayloadCase } from "./payload_case.ts";

const TAKEN = { body: JSON.stringify({ ok: true, channel: "C1", ts: "17.1" }) };
const SLACK = { token: "xoxb-secret", username: "rollouts", icon: ":rocket:" };

export const CHATS: readonly PayloadCase[] = [
  {
    about: "a text with blocks and attachments, as the template says who speaks",
    notifier: slack,
    config: SLACK,
    recipient: "deployments",
    content: {
      attachments: '[{"title": "web", "color": "#18be52"}]',
      blocks: '[{"type": "divider"}]',
      username: "release",
      icon: "https://icons.test/a.png",
    },
    message: "done",
    answer: () => TAKEN,
    refusal: () => ({ body: '{"ok": false, "error": "channel_not_found"}' }),
    secrets: ["xoxb-secret"],
    requests: [{
      method: "POST",
      url: "https://slack.com/api/chat.postMessage",
      headers: { authorization: "Bearer xoxb-secret" },
      body: {
        channel: "deployments",
        text: "done",
        username: "release",
        icon_url: "https://icons.test/a.png",
        attachments: [{ title: "web", color: "#18be52" }],
        blocks: [{ type: "divider" }],
      },
    }],
  },
  {
    about: "an incoming webhook",
    notifier: slack,
    config: { webhookUrl: "https://hooks.slack.test/T/B/secret-of-it", disableUnfurl: true },
    recipient: "",
    message: "done",
    secrets: ["https://hooks.slack.test/T/B/secret-of-it"],
    refusal: () => ({ status: 404, body: "no_service" }),
    requests: [{
      method: "POST",
      url: "https://hooks.slack.test/T/B/secret-of-it",
      body: { text: "done", unfurl_links: false, unfurl_media: false },
    }],
  },
  {
    about: "a post with attachments",
    notifier: mattermost,
    config: { apiURL: "https://chat.test/", token: "token-of-chat" },
    recipient: "channel-id",
    content: { attachments: '[{"text": "more"}]' },
    message: "done",
    answer: () => ({ status: 201 }),
    refusal: () => ({ status: 404 }),
    secrets: ["token-of-chat"],
    requests: [{
      method: "POST",
      url: "https://chat.test/api/v4/posts",
      headers: { authorization: "Bearer token-of-chat" },
      body: {
        channel_id: "channel-id",
        message: "done",
        props: { attachments: [{ text: "more" }] },
      },
    }],
  },
  {
    about: "a login, and a message to a channel",
    notifier: rocketchat,
    config: {
      email: "bot@chat.test",
      password: "password-of-bot",
      serverUrl: "https://rocket.test",
      alias: "Release",
      icon: ":rocket:",
    },
    recipient: "#deployments",
    content: { attachments: '[{"text": "more"}]' },
    message: "done",
    answer: ({ url }) =>
      url.endsWith("/login")
        ? { body: '{"data": {"authToken": "token-of-login", "userId": "u1"}}' }
        : { body: '{"success": true}' },
    refusal: ({ url }) => url.endsWith("/login") ? {} : { status: 400, body: "invalid-channel" },
    secrets: ["password-of-bot", "token-of-login"],
    requests: [
      {
        method: "POST",
        url: "https://rocket.test/api/v1/login",
        body: { user: "bot@chat.test", password: "password-of-bot" },
      },
      {
        method: "POST",
        url: "https://rocket.test/api/v1/chat.postMessage",
        headers: { "x-auth-token": "token-of-login", "x-user-id": "u1" },
        body: {
          channel: "#deployments",
          text: "done",
          alias: "Release",
          emoji: ":rocket:",
          attachments: [{ text: "more" }],
        },
      },
    ],
  },
  {
    about: "a thread of a group",
    notifier: telegram,
    config: { token: "123:token-of-bot" },
    recipient: "-1001|7",
    message: "done",
    refusal: () => ({ status: 400, body: '{"description": "Bad Request: chat not found"}' }),
    secrets: ["123:token-of-bot"],
    requests: [{
      method: "POST",
      url: "https://api.telegram.org/bot123:token-of-bot/sendMessage",
      body: { chat_id: "-1001", text: "done", parse_mode: "Markdown", message_thread_id: 7 },
    }],
  },
  {
    about: "a channel by its name",
    notifier: telegram,
    config: { token: "123:token-of-bot" },
    recipient: "releases",
    message: "done",
    requests: [{
      method: "POST",
      url: "https://api.telegram.org/bot123:token-of-bot/sendMessage",
      body: { chat_id: "@releases", text: "done", parse_mode: "Markdown" },
    }],
  },
  {
    about: "a card with facts and a link",
    notifier: teams,
    config: { recipientUrls: { ops: "https://teams.test/hook/secret-of-it" } },
    recipient: "ops",
    content: {
      title: "web",
      themeColor: "#18be52",
      facts: '[{"name": "Strategy", "value": "Canary"}]',
      sections: '[{"activityTitle": "a"}]',
      potentialAction: '[{"@type": "OpenUri", "name": "Open", "targets": []}]',
    },
    message: "done",
    answer: () => ({ body: "1" }),
    refusal: () => ({ status: 404, body: "" }),
    secrets: ["https://teams.test/hook/secret-of-it"],
    requests: [{
      method: "POST",
      url: "https://teams.test/hook/secret-of-it",
      body: {
        "@type": "MessageCard",
        "@context": "https://schema.org/extensions",
        title: "web",
        themeColor: "#18be52",
        text: "done",
        sections: [{ activityTitle: "a" }, { facts: [{ name: "Strategy", value: "Canary" }] }],
        potentialAction: [{ "@type": "OpenUri", name: "Open", targets: [] }],
      },
    }],
  },
  {
    about: "an adaptive card",
    notifier: teamsWorkflows,
    config: { recipientUrls: { ops: "https://flows.test/hook?sig=secret-of-it" } },
    recipient: "ops",
    content: {
      title: "web",
      themeColor: "Good",
      facts: '[{"name": "Strategy", "value": "Canary"}]',
      potentialAction:
        '[{"@type": "OpenUri", "name": "Open", "targets": [{"os": "default", "uri": "https://a.test"}]}]',
    },
    message: "done",
    answer: () => ({ status: 202 }),
    refusal: () => ({ status: 404 }),
    secrets: ["https://flows.test/hook?sig=secret-of-it"],
    requests: [{
      method: "POST",
      url: "https://flows.test/hook?sig=secret-of-it",
      body: {
        type: "message",
        attachments: [{
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            body: [
              {
                type: "TextBlock",
                text: "web",
                weight: "Bolder",
                size: "Large",
                wrap: true,
                color: "Good",
              },
              { type: "TextBlock", text: "done", wrap: true },
              { type: "FactSet", facts: [{ title: "Strategy", value: "Canary" }] },
            ],
            actions: [{ type: "Action.OpenUrl", title: "Open", url: "https://a.test" }],
          },
        }],
      },
    }],
  },
  {
    about: "a card of one's own, which comes before all else, without an envelope",
    notifier: teamsWorkflows,
    config: { recipientUrls: { ops: "https://flows.test/hook" }, rawCardPayload: true },
    recipient: "ops",
    content: { adaptiveCard: '{"type": "AdaptiveCard"}', template: "{}", title: "web" },
    message: "done",
    requests: [{
      method: "POST",
      url: "https://flows.test/hook",
      body: { type: "AdaptiveCard" },
    }],
  },
  {
    about: "a text in a thread",
    notifier: googleChat,
    config: {
      webhooks: {
        ops: "https://chat.googleapis.test/v1/spaces/A/messages?key=k-of-it&token=t-of-it",
      },
    },
    recipient: "ops",
    content: { threadKey: "web" },
    message: "done",
    refusal: () => ({ status: 404 }),
    secrets: ["k-of-it", "t-of-it"],
    requests: [{
      method: "POST",
      url: "https://chat.googleapis.test/v1/spaces/A/messages?key=k-of-it&token=t-of-it" +
        "&threadKey=web&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD",
      body: { text: "done" },
    }],
  },
  {
    about: "cards that are written as YAML",
    notifier: googleChat,
    config: { webhooks: { ops: "https://chat.googleapis.test/m" } },
    recipient: "ops",
    content: { cardsV2: "- cardId: a\n  card: {header: {title: web}}\n" },
    message: "done",
    requests: [{
      method: "POST",
      url: "https://chat.googleapis.test/m",
      body: { text: "done", cardsV2: [{ cardId: "a", card: { header: { title: "web" } } }] },
    }],
  },
  {
    about: "cards that stand by themselves, as Argo Rollouts has them",
    notifier: googleChat,
    config: { webhooks: { ops: "https://chat.googleapis.test/m" } },
    recipient: "ops",
    content: { cardsV2: "- header: {title: web}\n- sections: []\n" },
    message: "",
    requests: [{
      method: "POST",
      url: "https://chat.googleapis.test/m",
      body: {
        cardsV2: [
          { cardId: "card-1", card: { header: { title: "web" } } },
          { cardId: "card-2", card: { sections: [] } },
        ],
      },
    }],
  },
  {
    about: "a message to a person",
    notifier: webex,
    config: { token: "token-of-webex" },
    recipient: "ops@mail.test",
    message: "done",
    refusal: () => ({ status: 404 }),
    secrets: ["token-of-webex"],
    requests: [{
      method: "POST",
      url: "https://webexapis.com/v1/messages",
      headers: { authorization: "Bearer token-of-webex" },
      body: { toPersonEmail: "ops@mail.test", markdown: "done" },
    }],
  },
  {
    about: "a message that is too long is cut",
    notifier: pushover,
    config: { token: "token-of-pushover" },
    recipient: "user-key",
    message: "a".repeat(1_025),
    skips: { "a message that the service takes is sent, with its text": "it is too long" },
    requests: [{
      method: "POST",
      url: "https://api.pushover.net/1/messages.json",
      body: `token=token-of-pushover&user=user-key&message=${"a".repeat(1_024)}`,
    }],
  },
  {
    about: "a form",
    notifier: pushover,
    config: { token: "token-of-pushover" },
    recipient: "user-key",
    message: "a & b",
    refusal: () => ({ status: 400, body: '{"user":"invalid"}' }),
    secrets: ["token-of-pushover"],
    requests: [{
      method: "POST",
      url: "https://api.pushover.net/1/messages.json",
      body: "token=token-of-pushover&user=user-key&message=a+%26+b",
    }],
  },
];
