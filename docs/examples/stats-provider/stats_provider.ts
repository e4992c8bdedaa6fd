/**
 * A metric provider for a made-up service that counts requests and errors of applications: the
 * value is the share of errors. The token of the service is in a Secret.
 */
import type { ConfigOf, Kit, MetricCall, MetricPorts, MetricProvider, Reading } from "@sluice/sdk";
import { fieldsOf } from "@sluice/sdk";

const config = (kit: Kit) => ({
  address: kit.text("URL of the service.", { required: true }),
  application: kit.text("The application that is looked at.", { required: true }),
  tokenSecret: kit.text("Secret with the key `token`.", { default: "stats" }),
});
export type Config = ConfigOf<typeof config>;

const LONGEST_WAIT_SECONDS = 600;

export const statsProvider: MetricProvider<Config> = {
  name: "example.com/stats",
  config,
  shapeOf: () => "scalar",
  problems: ({ address }) =>
    URL.canParse(address) ? [] : [`address "${address}" is no URL: say http://HOST:PORT`],
  metadata: ({ config: { application } }) => ({ Application: String(application) }),

  async run({ config }: MetricCall<Config>, ports: MetricPorts): Promise<Reading> {
    const token = await ports.secret("run", config.tokenSecret ?? "stats", "token");
    const { status, headers, body } = await ports.fetch({
      url: `${config.address}/applications/${encodeURIComponent(config.application)}`,
      headers: { authorization: `Bearer ${token}` },
      timeoutMs: 5_000,
    });
    // Who asks for time gets it; that is no error of the release.
    const seconds = Number(headers["retry-after"]);
    if ((status === 429 || status === 503) && seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS) {
      const retryAtMs = ports.now() + seconds * 1000;
      return { is: "later", retryAtMs, message: `the service is busy for ${seconds} s` };
    }
    if (status !== 200) throw new Error(`the service answers with status ${status}`);
    const { requests, errors } = fieldsOf(parse(body));
    if (typeof requests !== "number" || typeof errors !== "number") {
      throw new Error("the service answers without requests and errors");
    }
    // No requests, no share: that is for the template to judge.
    const value = requests === 0 ? NaN : errors / requests;
    const is = requests === 0 ? "empty" : "value";
    return { is, value: { shape: "scalar", value }, text: String(value) };
  },
};

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error("the service answers with what is no JSON");
  }
}
