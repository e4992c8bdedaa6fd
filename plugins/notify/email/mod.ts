/**
 * E-mail by SMTP, with STARTTLS where the server offers it, and TLS from the start on port 465.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const email: Notifier = Object.freeze<Notifier>({
  name: "email",
  problems: (config) => missingProblems(config, "host", "port", "from"),
  deadlineMs: () => 60_000,
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
