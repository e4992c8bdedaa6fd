/** The images in use, each with the parts that it plays. */
import type { ReplicaSet } from "kubernetes-types/apps/v1.d.ts";
import type { KubeObject } from "../../sdk/api/object.ts";

/** An image that at least one pod runs, with its tags: `stable`, `canary`, … */
export interface ImageInfo {
  image: string;
  tags: string[];
}

/** The images of one set of pods and the tags that they get from it. */
export interface ImageSource {
  replicaSet: KubeObject;
  tags: readonly string[];
}

/**
 * Images of the main containers of all sets that have pods, by name. An image that several sets
 * share has the tags of all of them, by name; otherwise tags keep the order of their set.
 */
export function imagesOf(sources: readonly ImageSource[]): ImageInfo[] {
  const tagsByImage = new Map<string, readonly string[]>();
  for (const { replicaSet, tags } of sources) {
    const { spec, status } = replicaSet as ReplicaSet;
    if ((status?.replicas ?? 0) === 0) continue;
    const containers = spec?.template?.spec?.containers ?? [];
    for (const image of new Set(containers.map((container) => container.image ?? ""))) {
      if (image === "") continue;
      const known = tagsByImage.get(image);
      const all = known === undefined ? tags : [...new Set([...known, ...tags])].sort();
      tagsByImage.set(image, all);
    }
  }
  return [...tagsByImage].sort(byFirst).map(([image, tags]) => ({ image, tags: [...tags] }));
}

function byFirst(one: [string, unknown], other: [string, unknown]): number {
  return one[0] < other[0] ? -1 : Number(one[0] > other[0]);
}
