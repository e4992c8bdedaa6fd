import assert from "node:assert/strict";
import { type ImageInfo, imagesOf } from "../../../core/view/images.ts";
import { type SetFacts, webReplicaSet } from "./view_objects.ts";

interface Row {
  name: string;
  sets: [SetFacts, tags: string[]][];
  images: ImageInfo[];
}

const ROWS: Row[] = [
  { name: "no sets, no images", sets: [], images: [] },
  {
    name: "images are sorted by name, whatever the order of sets",
    sets: [
      [{ hash: "h2", images: ["web:2"] }, ["canary"]],
      [{ hash: "h1", images: ["web:1"] }, ["stable"]],
    ],
    images: [{ image: "web:1", tags: ["stable"] }, { image: "web:2", tags: ["canary"] }],
  },
  {
    name: "the tags of one set keep their order",
    sets: [[{ hash: "h1", images: ["web:1"] }, ["stable", "active"]]],
    images: [{ image: "web:1", tags: ["stable", "active"] }],
  },
  {
    name: "two containers with one image are one image with the tags in their order",
    sets: [[{ hash: "h1", images: ["web:1", "web:1"] }, ["stable", "active"]]],
    images: [{ image: "web:1", tags: ["stable", "active"] }],
  },
  {
    name: "all main containers count",
    sets: [[{ hash: "h1", images: ["web:1", "proxy:7"] }, ["stable"]]],
    images: [{ image: "proxy:7", tags: ["stable"] }, { image: "web:1", tags: ["stable"] }],
  },
  {
    name: "an image of several sets has their tags, once each, by name",
    sets: [
      [{ hash: "h1", images: ["web:1"] }, ["stable", "active"]],
      [{ hash: "h2", images: ["web:1"] }, ["preview", "stable"]],
    ],
    images: [{ image: "web:1", tags: ["active", "preview", "stable"] }],
  },
  {
    name: "a set without a part gives an image without tags",
    sets: [[{ hash: "h1", images: ["web:1"] }, []]],
    images: [{ image: "web:1", tags: [] }],
  },
  {
    name: "a set without pods gives no image",
    sets: [[{ hash: "h1", images: ["web:1"], replicas: 0 }, ["canary"]]],
    images: [],
  },
];

for (const { name, sets, images } of ROWS) {
  Deno.test(`imagesOf(): ${name}`, () => {
    const sources = sets.map(([facts, tags]) => ({ replicaSet: webReplicaSet(facts), tags }));
    assert.deepEqual(imagesOf(sources), images);
  });
}
