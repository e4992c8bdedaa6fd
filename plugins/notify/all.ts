/** All notifiers that are built in, as their types are called in a ConfigMap. */
import type { Notifier } from "../../sdk/notifier.ts";
import { alertmanager } from "./alertmanager/mod.ts";
import { awsSqs } from "./awssqs/mod.ts";
import { email } from "./email/mod.ts";
import { gcpPubSub } from "./gcppubsub/mod.ts";
import { gitHub } from "./github/mod.ts";
import { googleChat } from "./googlechat/mod.ts";
import { grafana } from "./grafana/mod.ts";
import { mattermost } from "./mattermost/mod.ts";
import { nats } from "./nats/mod.ts";
import { newRelic } from "./newrelic/mod.ts";
import { opsgenie } from "./opsgenie/mod.ts";
import { pagerduty } from "./pagerduty/mod.ts";
import { pagerdutyv2 } from "./pagerdutyv2/mod.ts";
import { pushover } from "./pushover/mod.ts";
import { rocketchat } from "./rocketchat/mod.ts";
import { slack } from "./slack/mod.ts";
import { teams } from "./teams/mod.ts";
import { teamsWorkflows } from "./teams_workflows/mod.ts";
import { telegram } from "./telegram/mod.ts";
import { webex } from "./webex/mod.ts";
import { webhook } from "./webhook/mod.ts";

export const NOTIFIERS: readonly Notifier[] = Object.freeze<Notifier[]>([
  alertmanager,
  awsSqs,
  email,
  gcpPubSub,
  gitHub,
  googleChat,
  grafana,
  mattermost,
  nats,
  newRelic,
  opsgenie,
  pagerduty,
  pagerdutyv2,
  pushover,
  rocketchat,
  slack,
  teams,
  teamsWorkflows,
  telegram,
  webex,
  webhook,
]);
