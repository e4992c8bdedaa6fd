import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { type Fields, fieldsOf, listOf, scalarText, textOf } from "../../../sdk/wire/json.ts";
import { basicAuth, deliver, fieldIn, joined, jsonRequest, textIn } from "../http.ts";

const TIMEOUT_SECONDS = 3;

/** Instances tell one another: it is enough that one of them takes the alert. */
export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { config } = call;
  const targets = listOf(fieldIn(config, "targets")).map(textOf).filter((target) => target !== "");
  const alerts = [alertOf(call)];
  const headers = authorization(config, ports);
  const outcomes = await Promise.allSettled(targets.map(async (target) => {
    const scheme = textIn(config, "scheme") || "http";
    const url = joined(`${scheme}://${target}`, textIn(config, "apiPath") || "/api/v2/alerts");
    const timeoutMs = 1000 * (Number(fieldIn(config, "timeout")) || TIMEOUT_SECONDS);
    return await deliver({ ...jsonRequest(url, alerts, headers), timeoutMs }, config, ports);
  }));
  const deliveries = outcomes.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  const [best] = ["sent", "later", "refused"]
    .flatMap((is) => deliveries.find((each) => each.is === is) ?? []);
  // One that did not answer may take it yet.
  const failed = outcomes.find((each) => each.status === "rejected");
  if (best?.is === "sent" || (best !== undefined && failed === undefined)) return best;
  throw failed?.reason ?? new Error("no target is configured");
}

function alertOf({ about, content, message, id }: NotifyCall): Fields {
  const labels = textsIn(fieldIn(content, "labels"));
  const annotations = textsIn(fieldIn(content, "annotations"));
  const generatorURL = textIn(content, "generatorURL");
  return {
    labels: {
      alertname: about.template ?? about.kind,
      ...(Object.keys(labels).length > 0
        ? labels
        : { namespace: about.namespace, rollout: about.name, notification: id }),
    },
    annotations: Object.keys(annotations).length > 0 ? annotations : { message },
    ...(generatorURL === "" ? {} : { generatorURL }),
  };
}

function textsIn(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, text]) => [name, scalarText(text)]),
  );
}

function authorization(config: Fields, ports: NotifierPorts): Record<string, string> {
  const { username, password } = fieldsOf(fieldIn(config, "basicAuth"));
  if (username === undefined) {
    const token = textIn(config, "bearerToken");
    return token === "" ? {} : { authorization: `Bearer ${token}` };
  }
  const login = { username: scalarText(username), password: scalarText(password) };
  return { authorization: basicAuth(login, ports) };
}
