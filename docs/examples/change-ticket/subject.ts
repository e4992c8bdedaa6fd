/** What the conformance suite is told of the plugin; nothing here uses the plugin's code. */
import type { StepSubject } from "@sluice/sdk/testing";
import { changeTicket, type Config } from "./change_ticket.ts";

export const ticketSubject: StepSubject<Config> = {
  plugin: changeTicket,
  config: { address: "https://tickets.example.com" },
  keys: { "tickets/token": "s3cr3t-token" },
  secrets: ["s3cr3t-token"],
  service: () => {
    const tickets = new Set<string>();
    let state = "open";
    return {
      answer({ method = "GET", url }) {
        if (method === "PUT") tickets.add(url);
        if (method === "DELETE") tickets.delete(url);
        return { body: JSON.stringify({ state, by: "jo" }) };
      },
      finish: () => state = "approved",
      begun: () => [...tickets],
    };
  },
};
