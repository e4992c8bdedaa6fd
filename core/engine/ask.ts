/** Lists what a pass needs and no cache holds. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { Log } from "../ports/log.ts";
import type { Question } from "./controller.ts";

type Answers = Map<ResourceType, readonly KubeObject[]>;

/** The answers; a question that the cluster does not answer is logged, and the pass goes on. */
export async function ask(
  questions: readonly Question[],
  { cluster, log }: { readonly cluster: Cluster; readonly log: Log },
): Promise<Answers> {
  const answers: Answers = new Map();
  await Promise.all(questions.map(async ({ type, selection }) => {
    try {
      answers.set(type, (await cluster.list(type, selection)).items);
    } catch (error) {
      log.warn("cannot list what a pass needs", {
        resource: type.plural,
        namespace: selection.namespace ?? "",
        cause: error instanceof Error ? error.message : String(error),
      });
    }
  }));
  return answers;
}
