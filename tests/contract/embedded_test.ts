/** The laws of the cluster port on the embedded cluster: pure computation, on virtual time. */
import { embeddedSubject } from "./embedded_subject.ts";
import { allLaws } from "./laws/mod.ts";

for (const [index, { semantic, law, check }] of allLaws.entries()) {
  Deno.test(`${semantic}: ${law}`, () => check(embeddedSubject(index)));
}
