/** Step plugins that are wrong in one way each, and the law that has to say so. */
import { changeTicket, type Config } from "../../../docs/examples/change-ticket/change_ticket.ts";
import { ticketSubject } from "../../../docs/examples/change-ticket/subject.ts";
import type { StepAnswer, StepPlugin } from "../../../sdk/step_plugin.ts";
import type { StepSubject } from "../../../sdk/testing/step_plugin.ts";

/** A subject that breaks a law, made anew for each trial. */
export interface BrokenStep {
  readonly wrong: string;
  readonly law: string;
  make(): StepSubject<Config>;
}

type Run = StepPlugin<Config>["run"];

function ticket(wrong: string, law: string, change: () => Partial<StepPlugin<Config>>): BrokenStep {
  return {
    wrong,
    law,
    make: () => ({ ...ticketSubject, plugin: { ...changeTicket, ...change() } }),
  };
}

/** Changes what is answered. */
function answering(change: (answer: StepAnswer) => StepAnswer): { run: Run } {
  return { run: async (call, ports) => change(await changeTicket.run(call, ports)) };
}

const DONE: StepAnswer = { phase: "Successful" };
const done = () => Promise.resolve(DONE);

export const BROKEN_STEPS: readonly BrokenStep[] = [
  ticket(
    "fails where it should go on",
    "once what it waits for is the case it is successful",
    () => answering(() => ({ phase: "Failed" })),
  ),
  ticket(
    "answers with a phase of its own",
    "what goes in stays as it is, and what comes out is small plain data",
    () => answering((answer) => ({ ...answer, phase: "Done" as "Failed" })),
  ),
  ticket(
    "writes into its configuration",
    "what goes in stays as it is, and what comes out is small plain data",
    () => ({
      run: (call, ports) => {
        (call.config as { summary?: string }).summary = "mine";
        return changeTicket.run(call, ports);
      },
    }),
  ),
  ticket(
    "keeps its life's story in its status",
    "what goes in stays as it is, and what comes out is small plain data",
    () => answering((answer) => ({ ...answer, status: "x".repeat(20_000) })),
  ),
  ticket("begins anew at each call", "the same call twice does its work once", () => {
    let count = 0;
    return { run: (call, ports) => changeTicket.run({ ...call, step: String(count++) }, ports) };
  }),
  ticket(
    "takes no answer for a good one",
    "without an answer it is not successful",
    () => ({ run: (call, ports) => changeTicket.run(call, ports).catch(() => DONE) }),
  ),
  ticket(
    "looks at the body alone",
    "an answer that says failure makes it no success",
    () => ({
      run: (call, ports) =>
        changeTicket.run(call, {
          ...ports,
          fetch: async (request) => ({ ...await ports.fetch(request), status: 200 }),
        }),
    }),
  ),
  ticket(
    "tries again when it is given up",
    "given up while it waits, it ends and asks for nothing more",
    () => ({
      run: (call, ports) =>
        changeTicket.run(call, ports).catch(() => changeTicket.run(call, ports)),
    }),
  ),
  ticket("undoes nothing", "aborted it leaves nothing that it began", () => ({ abort: done })),
  ticket(
    "finds only what its status names",
    "aborted before any answer was heard it leaves nothing either",
    () => ({
      ...answering((answer) => ({ ...answer, status: "known" })),
      abort: (call, ports) =>
        call.status === undefined ? done() : changeTicket.abort?.(call, ports) ?? done(),
    }),
  ),
  ticket(
    "goes on when it is ended",
    "ended early, once or twice, it is done when it returns",
    () => ({ terminate: () => Promise.resolve({ phase: "Running" }) }),
  ),
  ticket(
    "tells what it sent",
    "nothing that it says holds a secret",
    () => ({
      run: async (_, ports) => {
        const token = await ports.secret("tickets", "token");
        throw new Error(`cannot sign in with ${btoa(token)}`);
      },
    }),
  ),
  ticket(
    "forgets a field in its table",
    "its configuration is what its table says",
    () => ({ config: (kit) => ({ summary: kit.text("What the ticket says.") }) }),
  ),
  ticket(
    "trusts what people write",
    "whatever stands in a configuration, its description does not throw",
    () => ({ problems: ({ address }) => address.startsWith("https:") ? [] : ["no"] }),
  ),
];
