/**
 * NATS: a message on a subject.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems, textIn } from "../http.ts";
import { serverAddresses } from "./server_address.ts";

export const nats: Notifier = Object.freeze<Notifier>({
  name: "nats",
  problems: (config) => {
    const missing = missingProblems(config, "url");
    if (missing.length > 0 || serverAddresses(textIn(config, "url")) !== undefined) return missing;
    return ['"url" must hold addresses such as "nats://nats.example.com:4222"'];
  },
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
