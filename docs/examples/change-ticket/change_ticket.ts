/**
 * A step plugin for a made-up service of change tickets: the update waits until somebody approves
 * its ticket. The token of the service is in a Secret.
 */
import type { ConfigOf, Kit, StepAnswer, StepCall, StepPlugin, StepPorts } from "@sluice/sdk";
import { fieldsOf } from "@sluice/sdk";

const config = (kit: Kit) => ({
  address: kit.text("URL of the service.", { required: true }),
  summary: kit.text("What the ticket says.", { default: "an update" }),
  tokenSecret: kit.text("Secret with the key `token`.", { default: "tickets" }),
});
export type Config = ConfigOf<typeof config>;

export const changeTicket: StepPlugin<Config> = {
  name: "example.com/change-ticket",
  config,
  problems: ({ address }) =>
    URL.canParse(address) ? [] : [`address "${address}" is no URL: say https://HOST`],

  // The ticket is named after the step: asked for again it is the same one.
  async run(call: StepCall<Config>, ports: StepPorts): Promise<StepAnswer> {
    const { state, by } = await ask("PUT", call, ports);
    switch (state) {
      case "approved":
        return { phase: "Successful", message: `approved by ${by}` };
      case "rejected":
        return { phase: "Failed", message: `rejected by ${by}` };
      case "open":
        return { phase: "Running", message: "waiting for approval", requeueAfterSeconds: 60 };
      default:
        throw new Error("the ticket has no state that is known");
    }
  },
  abort: withdraw,
  terminate: withdraw,
};

async function withdraw(call: StepCall<Config>, ports: StepPorts): Promise<StepAnswer> {
  await ask("DELETE", call, ports);
  return { phase: "Successful", message: "the ticket is withdrawn" };
}

async function ask(method: string, { config, step }: StepCall<Config>, ports: StepPorts) {
  const token = await ports.secret(config.tokenSecret ?? "tickets", "token");
  const { status, body } = await ports.fetch({
    method,
    url: `${config.address}/tickets/${encodeURIComponent(step)}`,
    headers: { authorization: `Bearer ${token}` },
    ...(method === "PUT" ? { body: JSON.stringify({ summary: config.summary ?? "" }) } : {}),
    timeoutMs: 5_000,
  });
  if (status !== 200) throw new Error(`the service of tickets answers with status ${status}`);
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    throw new Error("the service of tickets answers with what is no JSON");
  }
}
