import { STRATEGY_RULES } from "../../../../core/lint/rules/strategy.ts";
import { DEPLOYMENT, referring, rollout, routed, service } from "../manifests.ts";
import type { Fields } from "../../../../sdk/wire/json.ts";
import { type RuleRow, testRules } from "./check_rules.ts";

const CANARY = "spec.strategy.canary";

const PREVIEW = [service("active"), service("preview")];

function taking(reference: Fields, replicas: number | undefined): Fields {
  const each = referring(reference);
  return { ...each, spec: { ...each["spec"] as Fields, replicas } };
}

const ROWS: RuleRow[] = [
  [
    "a blue-green that waits in the dark",
    [rollout({ blueGreen: { activeService: "active", autoPromotionEnabled: false } }), ...PREVIEW],
    ["no-preview-service spec.strategy.blueGreen"],
  ],
  ["a blue-green that does not wait", [
    rollout({ blueGreen: { activeService: "active" } }),
    ...PREVIEW,
  ], []],
  [
    "an automatic promotion that is off",
    [
      rollout({
        blueGreen: {
          activeService: "active",
          previewService: "preview",
          autoPromotionEnabled: false,
          autoPromotionSeconds: 30,
        },
      }),
      ...PREVIEW,
    ],
    ["auto-promotion-ignored spec.strategy.blueGreen.autoPromotionSeconds"],
  ],
  [
    "a router that is given up",
    routed({ trafficRouting: { smi: {} } }),
    [`discontinued-router ${CANARY}.trafficRouting.smi`],
  ],
  [
    "a Deployment that goes on",
    [referring(), DEPLOYMENT],
    [
      "workload-keeps-running spec.workloadRef",
      "image-without-version spec.template.spec.containers[0].image",
    ],
  ],
  [
    "a scaleDown with a slip of the pen",
    [referring({ scaleDown: "onSuccess" }), DEPLOYMENT],
    [
      "scale-down-ignored spec.workloadRef.scaleDown",
      "image-without-version spec.template.spec.containers[0].image",
    ],
  ],
  [
    "a scaleDown of a ReplicaSet",
    [
      referring({ kind: "ReplicaSet", scaleDown: "onsuccess" }),
      { ...DEPLOYMENT, kind: "ReplicaSet" },
    ],
    [
      "scale-down-ignored spec.workloadRef.scaleDown",
      "image-without-version spec.template.spec.containers[0].image",
    ],
  ],
  [
    "a Deployment that is scaled down, of an image without version",
    [referring({ scaleDown: "onsuccess" }), DEPLOYMENT],
    ["image-without-version spec.template.spec.containers[0].image"],
  ],
  ...["half", "", "25 %", "-1", -1, 1.5].map((maxSurge): RuleRow => [
    `a maxSurge of ${JSON.stringify(maxSurge)}`,
    [rollout({ canary: { maxSurge } })],
    [maxSurge === 1.5 ? `wrong-field ${CANARY}.maxSurge` : `wrong-surge ${CANARY}.maxSurge`],
  ]),
  [
    "amounts that mean something",
    [rollout({ canary: { maxSurge: "25%", maxUnavailable: 0 } })],
    [],
  ],
  [
    "metadata that takes pods out of the selector",
    [rollout({ canary: { canaryMetadata: { labels: { app: "canary", role: "canary" } } } })],
    [`metadata-over-selector ${CANARY}.canaryMetadata.labels.app`],
  ],
  [
    "metadata beside the selector",
    [rollout({ canary: { stableMetadata: { labels: { app: "web", role: "stable" } } } })],
    [],
  ],
  [
    "a Deployment of more pods than the Rollout says",
    [
      taking({ scaleDown: "progressively" }, undefined),
      { ...DEPLOYMENT, spec: { ...DEPLOYMENT["spec"] as Fields, replicas: 4 } },
    ],
    [
      "workload-loses-pods spec.workloadRef",
      "image-without-version spec.template.spec.containers[0].image",
    ],
  ],
  [
    "a Deployment of as many pods as the Rollout says",
    [
      taking({ scaleDown: "progressively" }, 4),
      { ...DEPLOYMENT, spec: { ...DEPLOYMENT["spec"] as Fields, replicas: 4 } },
    ],
    ["image-without-version spec.template.spec.containers[0].image"],
  ],
];

testRules(STRATEGY_RULES, ROWS);
