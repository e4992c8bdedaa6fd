/**
 * GitHub: an app sets statuses and check runs, makes deployments and dispatches, and comments.
 *
 * @module
 */
import type { Notifier } from "../../../sdk/notifier.ts";
import { missingProblems } from "../http.ts";

export const gitHub: Notifier = Object.freeze<Notifier>({
  name: "github",
  problems: (config) => missingProblems(config, "appID", "installationID", "privateKey"),
  send: async (call, ports) => await (await import("./send.ts")).send(call, ports),
});
