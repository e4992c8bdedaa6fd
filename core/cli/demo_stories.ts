/** The stories that `sluice demo` can tell: objects, what is done to them, and what it is about. */
import type { KubeObject } from "../../sdk/api/object.ts";
import type { RolloutSpec } from "../../sdk/api/rollout.ts";

const NAME = "mock-server";
const IMAGE = "ghcr.io/ssup2/mock-go-server";
const LABELS = { app: NAME };

/** What is done when, and what it is about. */
export interface Scene {
  readonly atSeconds: number;
  readonly command?: string;
  readonly remark: string;
}

export interface Story {
  /** `a canary`: what the title calls it. */
  readonly subject: string;
  readonly objects: readonly KubeObject[];
  readonly scenes: readonly Scene[];
}

/** A Rollout of five pods, and the Services that its strategy names. */
function objectsOf(strategy: RolloutSpec["strategy"], services: readonly string[]): KubeObject[] {
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: NAME },
    spec: {
      replicas: 5,
      selector: { matchLabels: LABELS },
      strategy,
      template: {
        metadata: { labels: LABELS },
        spec: {
          containers: [{
            name: NAME,
            image: `${IMAGE}:1.0.0`,
            ports: [{ containerPort: 8080 }],
          }],
        },
      },
    },
  };
  return [
    rollout,
    ...services.map((name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: LABELS, ports: [{ port: 8080 }] },
    })),
  ];
}

function canaryObjects(lastPause: { duration?: string }): KubeObject[] {
  const [stableService, canaryService] = [`${NAME}-stable`, `${NAME}-canary`];
  const steps = [
    { setWeight: 20 },
    { pause: {} },
    { setWeight: 40 },
    { pause: lastPause },
    { setWeight: 100 },
  ];
  const strategy = { canary: { stableService, canaryService, steps } };
  return objectsOf(strategy, [stableService, canaryService]);
}

const setImage = (version: string): string => `set image ${NAME} ${NAME}=${IMAGE}:${version}`;

const BLUE_GREEN: Story = {
  subject: "a blue-green",
  objects: objectsOf({
    blueGreen: {
      activeService: `${NAME}-active`,
      previewService: `${NAME}-preview`,
      autoPromotionEnabled: false,
    },
  }, [`${NAME}-active`, `${NAME}-preview`]),
  scenes: [
    {
      atSeconds: 0,
      remark: "The first deployment starts all five pods; the active Service selects them.",
    },
    {
      atSeconds: 40,
      command: setImage("2.0.0"),
      remark: "Version 2.0.0: five more pods, which only the preview Service selects.",
    },
    {
      atSeconds: 80,
      command: setImage("3.0.0"),
      remark: "A newer image before a promotion: revision 2 keeps its pods for 30 s.",
    },
    {
      atSeconds: 120,
      command: `promote ${NAME}`,
      remark: "Promoted: all users move at once; the old pods stay for 30 s, for a quick rollback.",
    },
  ],
};

/** How both stories of a canary begin. */
const UPDATED_TWICE: readonly Scene[] = [
  {
    atSeconds: 0,
    remark: "The first deployment skips the steps: all five pods start at once.",
  },
  {
    atSeconds: 40,
    command: setImage("2.0.0"),
    remark: "Version 2.0.0: one of five pods runs it, then the rollout waits for a promotion.",
  },
  {
    atSeconds: 80,
    command: setImage("3.0.0"),
    remark: "A newer image before the promotion: revision 3 replaces revision 2 and starts again.",
  },
];

const CANARY: Story = {
  subject: "a canary",
  objects: canaryObjects({ duration: "30s" }),
  scenes: [
    ...UPDATED_TWICE,
    {
      atSeconds: 120,
      command: `promote ${NAME}`,
      remark: "Promoted: 40 %, then a pause of 30 s, then all pods.",
    },
  ],
};

const UNDO_AND_ABORT: Story = {
  subject: "a canary, undone and aborted",
  objects: canaryObjects({}),
  scenes: [
    ...UPDATED_TWICE,
    {
      atSeconds: 120,
      command: `undo ${NAME}`,
      remark: "Undone: the template of revision 2 is back, and counts as revision 4.",
    },
    {
      atSeconds: 160,
      command: `undo ${NAME}`,
      remark: "Undone again: from 4 back to 3, which counts as revision 5.",
    },
    {
      atSeconds: 200,
      command: `abort ${NAME}`,
      remark: "Aborted: stable has all its pods again, and the rollout is Degraded until a retry.",
    },
  ],
};

/** The stories by the cases of tests/seeds that they retell. */
export const STORIES: Readonly<Record<string, Story>> = Object.freeze({
  "01": BLUE_GREEN,
  "02": CANARY,
  "03": UNDO_AND_ABORT,
});
