/** Questions that the cluster itself answers: what no cache holds. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { ResourceType } from "../../sdk/wire/resource_type.ts";
import type { ObjectRef } from "../../sdk/wire/write.ts";
import { isNotFound } from "../ports/api_error.ts";
import type { Cluster, Selection } from "../ports/cluster.ts";
import type { Answer, Answerer, Question } from "./inquiry.ts";

/** Which objects are there; the answer is a list of them. */
export interface ListQuestion extends Question {
  readonly kind: "list";
  readonly type: ResourceType;
  readonly selection: Selection;
}

/** What an object is; the answer is the object, or null when there is none. */
export interface GetQuestion extends Question {
  readonly kind: "get";
  readonly type: ResourceType;
  readonly ref: ObjectRef;
}

/** The objects that were listed; undefined while that is not known. */
export function listedIn(answer: Answer | undefined): readonly KubeObject[] | undefined {
  return answer?.state === "answered" ? answer.value as readonly KubeObject[] : undefined;
}

/** Those who answer such questions. */
export function clusterAnswerers(cluster: Cluster): ReadonlyMap<string, Answerer> {
  return new Map<string, Answerer>([
    ["list", {
      readsCluster: true,
      async answer(question) {
        const { type, selection } = question as ListQuestion;
        return (await cluster.list(type, selection)).items;
      },
    }],
    ["get", {
      readsCluster: true,
      async answer(question) {
        const { type, ref } = question as GetQuestion;
        try {
          return await cluster.get(type, ref);
        } catch (error) {
          if (isNotFound(error)) return null;
          throw error;
        }
      },
    }],
  ]);
}
