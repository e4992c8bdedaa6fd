import { trafficRouterLaws } from "@sluice/sdk/testing";
import { splitSubject } from "./subject.ts";

for (const { name, check } of trafficRouterLaws(splitSubject)) Deno.test(name, check);
