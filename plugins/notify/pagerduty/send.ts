import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { deliver, joined, jsonRequest, textIn } from "../http.ts";

const API = "https://api.pagerduty.com";

export async function send(
  { id, config, recipient, message, content }: NotifyCall,
  ports: NotifierPorts,
): Promise<Delivery> {
  const [title, details, urgency, priority] = ["title", "body", "urgency", "priorityId"]
    .map((name) => textIn(content, name));
  const incident = {
    type: "incident",
    title: title || message,
    incident_key: id,
    service: { id: recipient || textIn(config, "serviceId"), type: "service_reference" },
    body: { type: "incident_body", details: details || message },
    ...(urgency ? { urgency } : {}),
    ...(priority ? { priority: { id: priority, type: "priority_reference" } } : {}),
  };
  const request = jsonRequest(joined(textIn(config, "apiURL") || API, "incidents"), { incident }, {
    accept: "application/vnd.pagerduty+json;version=2",
    authorization: `Token token=${textIn(config, "token")}`,
    from: textIn(config, "from"),
  });
  const delivery = await deliver(request, config, ports);
  // An incident of this key is open: it came of an earlier try.
  const isRepeated = delivery.is === "refused" &&
    /matching (dedup|incident) key/.test(delivery.message);
  return isRepeated ? { is: "sent" } : delivery;
}
