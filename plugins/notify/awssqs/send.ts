import type { Delivery, NotifierPorts, NotifyCall } from "../../../sdk/notifier.ts";
import { fieldsOf, isFields, scalarText, textOf } from "../../../sdk/wire/json.ts";
import { awsCredentials } from "../../metrics/aws_credentials.ts";
import { type AwsCredentials, signed } from "../../metrics/sigv4.ts";
import { fieldIn, joined, send as ask, textIn } from "../http.ts";

const VERSION = "2012-11-05";

type Form = Readonly<Record<string, string>>;
type Refusal = Exclude<Delivery, { is: "sent" }>;

export async function send(call: NotifyCall, ports: NotifierPorts): Promise<Delivery> {
  const { id, config, recipient, message, content } = call;
  const credentials = await credentialsOf(call, ports);
  const queue = recipient || textIn(config, "queue");
  const account = textIn(config, "account");
  const found = await askQueue(call, credentials, {
    Action: "GetQueueUrl",
    QueueName: queue,
    ...(account === "" ? {} : { QueueOwnerAWSAccountId: account }),
  }, ports);
  if (typeof found !== "string") return found;
  const queueUrl = /<QueueUrl>([^<]+)<\/QueueUrl>/.exec(found)?.[1];
  if (queueUrl === undefined) throw new Error(`SQS does not say where the queue "${queue}" is`);
  const group = textIn(content, "messageGroupId");
  const answer = await askQueue(call, credentials, {
    Action: "SendMessage",
    QueueUrl: queueUrl.replaceAll("&amp;", "&"),
    MessageBody: message,
    ...attributesIn(fieldIn(content, "messageAttributes")),
    // Queues that keep the order tell a second time of the same message by its id.
    ...(group === "" ? {} : { MessageGroupId: group, MessageDeduplicationId: id }),
  }, ports);
  return typeof answer === "string" ? { is: "sent" } : answer;
}

async function credentialsOf(
  { config }: NotifyCall,
  ports: NotifierPorts,
): Promise<AwsCredentials> {
  const [key, secret, region] = ["key", "secret", "region"].map((name) => textIn(config, name));
  if (key && secret) {
    return { accessKeyId: key, secretAccessKey: secret, region: region ?? "" };
  }
  return await awsCredentials(region ? { region } : {}, ports);
}

/** The answer as it stands. */
async function askQueue(
  { config }: NotifyCall,
  credentials: AwsCredentials,
  form: Form,
  ports: NotifierPorts,
): Promise<string | Refusal> {
  const endpoint = textIn(config, "endpointUrl") ||
    `https://sqs.${credentials.region}.amazonaws.com`;
  const request = {
    method: "POST",
    url: joined(endpoint, "/"),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...form, Version: VERSION }).toString(),
  };
  const headers = await signed(request, { ...credentials, service: "sqs" }, ports);
  const response = await ask({ ...request, headers }, {}, ports);
  if (!("is" in response)) return response.body;
  // Bad credentials are answered with status 400 or 403 as well, and can be mended.
  if (response.is === "refused" && !/NonExistentQueue|InvalidParameter/.test(response.message)) {
    throw new Error(response.message);
  }
  return response;
}

/** `name: text`, or `name: {dataType, stringValue}`. */
function attributesIn(value: unknown): Form {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([name, attribute], index) => {
      const { dataType, stringValue } = fieldsOf(attribute);
      const prefix = `MessageAttribute.${index + 1}`;
      const text = isFields(attribute) ? scalarText(stringValue) : scalarText(attribute);
      return [
        [`${prefix}.Name`, name],
        [`${prefix}.Value.DataType`, textOf(dataType) || "String"],
        [`${prefix}.Value.StringValue`, text],
      ];
    }),
  );
}
