import { stepPluginLaws } from "@sluice/sdk/testing";
import { ticketSubject } from "./subject.ts";

for (const { name, check } of stepPluginLaws(ticketSubject)) Deno.test(name, check);
