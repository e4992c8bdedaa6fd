/**
 * What the controller may do is what it does: the requests of its ServiceAccount in all tests on a
 * real cluster, beside the role that they ran with. Comes after `tests/cluster`, which keep the
 * audit logs of their API servers in the folder SLUICE_AUDIT_FOLDER.
 */
import assert from "node:assert/strict";
import { PERMISSIONS } from "../../core/cli/install/permissions.ts";
import type { AuditLine } from "../cluster/audit_log.ts";
import { CONTROLLER_USER } from "../cluster/service_account.ts";

const folder = Deno.env.get("SLUICE_AUDIT_FOLDER");
const IS_OWN = `"username":"${CONTROLLER_USER}"`;

function* requests(): Generator<AuditLine> {
  if (folder === undefined) throw new Error("Cannot compare: use deno task test:cluster");
  for (const { name } of Deno.readDirSync(folder)) {
    for (const line of Deno.readTextFileSync(`${folder}/${name}`).split("\n")) {
      if (line.includes(IS_OWN)) yield JSON.parse(line) as AuditLine;
    }
  }
}

function wordsOf({ verb, objectRef = {} }: AuditLine): string {
  const { apiGroup = "", resource = "", subresource } = objectRef;
  return `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}.${apiGroup}`;
}

Deno.test("the role of the controller", async (test) => {
  const used = new Set<string>();
  const refused = new Set<string>();
  for (const line of requests()) {
    const { code } = line.responseStatus ?? {};
    if (code === 403) refused.add(wordsOf(line));
    // A kind that is not served is asked for, and nothing is done with it.
    else if (code !== 404 || line.verb === "get") used.add(wordsOf(line));
  }
  assert.ok(used.size > 20, `${used.size} kinds of requests are too few to compare`);
  await test.step("has every verb that is used", () => {
    // A server that has just come back refuses what it allows once it has read its roles, and one
    // test runs with the role of Argo Rollouts. A verb that is missing is never allowed.
    assert.deepEqual([...refused].filter((words) => !used.has(words)), []);
  });
  const granted = PERMISSIONS.flatMap(({ group, resources, verbs, unused = {} }) =>
    resources.flatMap((resource) =>
      verbs.map((verb) => ({ words: `${verb} ${resource}.${group}`, reason: unused[verb] }))
    )
  );
  await test.step("has no verb that nothing uses, but for a reason", () => {
    const idle = granted.filter(({ words, reason }) => reason === undefined && !used.has(words));
    assert.deepEqual(idle.map(({ words }) => words), []);
  });
});
