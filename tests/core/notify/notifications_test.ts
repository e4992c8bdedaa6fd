/** What events of Rollouts come to. */
import assert from "node:assert/strict";
import { Complaints } from "../../../core/notify/complaints.ts";
import { ConfigBoard, Notifications, type Outgoing } from "../../../core/notify/mod.ts";
import { Caches } from "../../../core/engine/caches.ts";
import { RecordingLog } from "../engine/recording_log.ts";
import { VirtualClock } from "../../../core/cluster/embedded/virtual_clock.ts";
import { configOf, facts, rolloutOf } from "./config_world.ts";

Deno.test("messages to many recipients of one event take as much as ten messages may, no more", () => {
  const clock = new VirtualClock(0);
  const log = new RecordingLog();
  const config = configOf({
    "service.slack": "token: t\n",
    "trigger.on-rollout-completed": "- send: [done]\n",
    "template.done": "message: '{{range until 60000}}{{end}}done'\n",
  });
  const board = new ConfigBoard({
    load: () => Promise.reject(new Error("it is known already")),
    clock,
    log,
    namespace: "argo-rollouts",
    isSelfServiceEnabled: false,
    notifiers: [],
  });
  board.put(config);
  const posted: Outgoing[] = [];
  const complained: string[] = [];
  const notifications = new Notifications({
    board,
    mailer: { post: (outgoing) => void posted.push(outgoing) },
    complaints: new Complaints({
      log,
      record: (_object, drafts) => complained.push(...drafts.map(({ message }) => message)),
    }),
    clock,
    log,
    factsOf: facts,
    ports: { nowMs: () => 0, random: () => 0 },
  });
  const recipients = Array.from({ length: 40 }, (_, index) => `channel-${index}`).join(";");
  const object = rolloutOf({
    "notifications.argoproj.io/subscribe.on-rollout-completed.slack": recipients,
  });
  const event = {
    type: "Normal" as const,
    reason: "RolloutCompleted",
    message: "done",
    atMs: 0,
    object,
  };
  notifications.onEvent(event, new Caches());
  assert.ok(posted.length >= 10 && posted.length < 30, `${posted.length} were posted`);
  assert.deepEqual(complained, ["the messages to all recipients take too many steps"]);
});
