import { metricProviderLaws } from "@sluice/sdk/testing";
import { statsSubject } from "./subject.ts";

for (const { name, check } of metricProviderLaws(statsSubject)) Deno.test(name, check);
