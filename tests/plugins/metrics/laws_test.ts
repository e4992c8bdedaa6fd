import { metricProviderLaws } from "../../../sdk/testing/metric_provider.ts";
import {
  jobSubject,
  prometheusSubject,
  rangeSubject,
  webSubject,
  wholeBodySubject,
} from "./subjects.ts";

for (const { name, check } of metricProviderLaws(prometheusSubject)) Deno.test(name, check);
for (const { name, check } of metricProviderLaws(rangeSubject)) {
  Deno.test(`over a range, ${name}`, check);
}
for (const { name, check } of metricProviderLaws(webSubject)) Deno.test(name, check);
for (const { name, check } of metricProviderLaws(wholeBodySubject)) {
  Deno.test(`the whole body, ${name}`, check);
}
for (const { name, check } of metricProviderLaws(jobSubject)) Deno.test(name, check);
