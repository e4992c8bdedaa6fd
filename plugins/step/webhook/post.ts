/** One request of a webhook, and what its answer says of the step. */
import type { StepAnswer, StepCall, StepPorts } from "../../../sdk/step_plugin.ts";
import { fieldsOf, isUnset, type Json, textOf } from "../../../sdk/wire/json.ts";
import type { WebhookConfig } from "./config.ts";

const PHASES = ["Running", "Successful", "Failed"] as const;
const ACCEPTED = 202;

/** Posts what is to be done, and reads how the step is going. */
export async function post(
  operation: "Run" | "Terminate" | "Abort",
  { id, step, rollout, stepIndex, config, status: before }: StepCall<WebhookConfig>,
  ports: StepPorts,
): Promise<StepAnswer> {
  const { url, tokenSecret, timeoutSeconds = 10 } = config;
  const token = tokenSecret === undefined ? undefined : await ports.secret(tokenSecret, "token");
  const { namespace = "", name } = rollout.metadata;
  const { currentPodHash: podTemplateHash = "" } = rollout.status ?? {};
  const { status, body } = await ports.fetch({
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      operation,
      id,
      step,
      stepIndex,
      namespace,
      rollout: name,
      podTemplateHash,
      ...(before === undefined ? {} : { status: before }),
    }),
    timeoutMs: timeoutSeconds * 1000,
  });
  if (status < 200 || status > 299) throw new Error(`the webhook answers with status ${status}`);
  return answerOf(body, status === ACCEPTED ? "Running" : "Successful");
}

/** Without a phase the status of HTTP says it: 202 goes on, any other is done. */
function answerOf(body: string, otherwise: StepAnswer["phase"]): StepAnswer {
  if (body.trim() === "") return { phase: otherwise };
  const { phase, message, requeueAfterSeconds, status } = fieldsOf(parse(body));
  const said = PHASES.find((each) => each === phase);
  if (said === undefined && !isUnset(phase)) {
    throw new Error("the webhook answers with a phase that is none");
  }
  return {
    phase: said ?? otherwise,
    ...(textOf(message) === "" ? {} : { message: textOf(message) }),
    ...(typeof requeueAfterSeconds === "number" ? { requeueAfterSeconds } : {}),
    ...(isUnset(status) ? {} : { status: status as Json }),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error("the webhook answers with what is no JSON");
  }
}
