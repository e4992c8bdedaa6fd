import assert from "node:assert/strict";
import { parseEvents, parseSteps, screensOf } from "./seed_document.ts";

const DOCUMENT = `# A case

## Steps

### 1. Apply (line 1)

\`\`\`sh
kubectl apply -f web.yaml
\`\`\`

Expected output: none shown.

### 2. (line 2)

\`\`\`sh
kubectl argo rollouts get rollout web   
\`\`\`

Expected output:

\`\`\`text
Name:            web

⟳ web  Rollout  ✔ Healthy  3s  
\`\`\`

### 10. (line 3)

\`\`\`sh
kubectl describe service web-canary
\`\`\`

\`\`\`text
Name:                     web
Labels:                   <none>
Annotations:              managed-by: web
                          team: blue: green
Selector:                 app=web,hash=h1
...
\`\`\`

### 11. (line 4)

\`\`\`sh
kubectl describe virtualservices web
\`\`\`

\`\`\`text
Spec:
\`\`\`
`;

Deno.test("parseSteps() and screensOf() read screens with what came before and after", () => {
  assert.deepEqual(screensOf(parseSteps(DOCUMENT)), [{
    step: 2,
    after: ["kubectl apply -f web.yaml"],
    command: "kubectl argo rollouts get rollout web",
    screen: ["Name:            web", "", "⟳ web  Rollout  ✔ Healthy  3s  "],
    services: [{
      step: 10,
      // The command's name, not the output's.
      service: "web-canary",
      selector: { app: "web", hash: "h1" },
      annotations: { "managed-by": "web", team: "blue: green" },
    }],
  }]);
});

Deno.test("screensOf() refuses an output that it cannot read", () => {
  const steps = [{ step: 4, command: "kubectl get pods", output: ["NAME"] }];
  assert.throws(() => screensOf(steps), {
    message: 'Cannot read step 4: nothing is known of the output of "kubectl get pods"',
  });
});

Deno.test("parseSteps() refuses a step without a command", () => {
  assert.throws(() => parseSteps("### 3. Wait\n"), /Cannot read step 3: it has no command/);
});

Deno.test("parseEvents() reads columns, reasons with a blank, and no remarks", () => {
  const text = `\
  12  Normal  rollout/web        Updated VirtualService       VirtualService \`web\` set
# 3 events left out
   7  Warning rollout/web        RolloutAborted               Rollout aborted
`;
  assert.deepEqual(parseEvents(text), [
    {
      time: 12,
      type: "Normal",
      object: "rollout/web",
      reason: "Updated VirtualService",
      message: "VirtualService `web` set",
    },
    {
      time: 7,
      type: "Warning",
      object: "rollout/web",
      reason: "RolloutAborted",
      message: "Rollout aborted",
    },
  ]);
});

Deno.test("parseEvents() refuses a line that is no event", () => {
  assert.throws(() => parseEvents("later"), /Cannot read event: "later" has not five columns/);
});
