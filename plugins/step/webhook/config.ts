/** What a step of the kind `sluice/webhook` is told. */
import type { ConfigOf, Kit } from "../../../sdk/fields/kit.ts";

export const config = (kit: Kit) => ({
  url: kit.text("Where requests are sent.", { required: true }),
  tokenSecret: kit.text("Secret whose key `token` is sent as bearer token."),
  timeoutSeconds: kit.whole("How long one request may take.", {
    unit: "seconds",
    range: "1 to 50",
    default: 10,
  }),
});

export type WebhookConfig = ConfigOf<typeof config>;
