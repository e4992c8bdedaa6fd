import assert from "node:assert/strict";
import { authorized } from "../../../plugins/metrics/authorized.ts";
import { awsCredentials } from "../../../plugins/metrics/aws_credentials.ts";
import type { Authentication, SigV4Config } from "../../../plugins/metrics/http_config.ts";
import { signed } from "../../../plugins/metrics/sigv4.ts";
import type { HttpRequest, HttpResponse } from "../../../sdk/ports.ts";
import { fakePorts, type FakeWorld, outcomeOf } from "./fake_ports.ts";

const OAUTH2 = {
  tokenUrl: "https://tokens.example.com/token",
  clientId: "me",
  clientSecret: "s/cret",
  scopes: ["a", "b"],
};

const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" };
const APS = "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/api/v1/query";

function json(value: unknown): Partial<HttpResponse> {
  return { body: JSON.stringify(value) };
}

async function sent(authentication: Authentication, world: FakeWorld, request?: HttpRequest) {
  const ports = fakePorts(world);
  const full = request ?? { url: "https://metrics.example.com/", insecure: true, timeoutMs: 7 };
  const said = await outcomeOf(() => authorized(full, authentication, ports));
  const { asked, concealed } = ports;
  return { said, headers: (said as HttpRequest).headers ?? {}, asked, concealed };
}

Deno.test("OAuth 2 asks for a token as the client, and hands it on", async () => {
  const token = json({ access_token: "t0ken", token_type: "bearer" });
  const { headers, asked } = await sent({ oauth2: OAUTH2 }, { answer: () => token });
  assert.equal(headers["authorization"], "Bearer t0ken");
  assert.deepEqual(asked, [{
    method: "POST",
    url: OAUTH2.tokenUrl,
    headers: {
      authorization: `Basic ${btoa("me:s%2Fcret")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials&scope=a+b",
    insecure: true,
    timeoutMs: 7,
  }]);
});

Deno.test("a server of tokens that takes no header gets the client in the form", async () => {
  const { headers, asked } = await sent({ oauth2: OAUTH2 }, {
    answer: ({ headers }) =>
      headers?.["authorization"] === undefined ? json({ access_token: "t" }) : { status: 401 },
  });
  assert.equal(headers["authorization"], "Bearer t");
  assert.match(asked[1]?.body ?? "", /&client_id=me&client_secret=s%2Fcret$/);
});

Deno.test("no token is an error that says nothing of what was sent", async () => {
  const refused = { status: 403, body: "s/cret is wrong" };
  const no = await sent({ oauth2: OAUTH2 }, { answer: () => refused });
  assert.equal(no.said, "oauth2: cannot fetch token: status 403");
  const empty = await sent({ oauth2: OAUTH2 }, { answer: () => json({}) });
  assert.equal(empty.said, "oauth2: server response missing access_token");
});

Deno.test("what secrets are made into is concealed", async () => {
  const token = { answer: () => json({ access_token: "t0ken" }) };
  const oauth2 = await sent({ oauth2: OAUTH2 }, token);
  assert.deepEqual(oauth2.concealed, [btoa("me:s%2Fcret"), "t0ken"]);
  const basic = await sent({ basicAuth: { username: "me", password: "p" } }, {});
  assert.deepEqual(basic.concealed, [btoa("me:p")]);
  const settings = { ...KEYS, AWS_SESSION_TOKEN: "session" };
  const aws = await sent({ sigv4: { region: "eu-west-1" } }, { settings }, { url: APS });
  assert.deepEqual(aws.concealed, ["key", "session"]);
});

Deno.test("a token overrides name and password", async () => {
  const basicAuth = { username: "me", password: "p" };
  const world = { answer: () => json({ access_token: "t" }) };
  const both = await sent({ basicAuth, oauth2: OAUTH2 }, world);
  assert.equal(both.headers["authorization"], "Bearer t");
  const one = await sent({ basicAuth, oauth2: { ...OAUTH2, tokenUrl: "" } }, world);
  assert.equal(one.headers["authorization"], `Basic ${btoa("me:p")}`);
});

Deno.test("a signature is the one of AWS's own test suite", async () => {
  const headers = await signed(
    { method: "GET", url: "https://example.amazonaws.com/" },
    {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
      region: "us-east-1",
      service: "service",
    },
    { now: () => Date.UTC(2015, 7, 30, 12, 36) },
  );
  assert.equal(
    headers["authorization"],
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
      "SignedHeaders=host;x-amz-date, " +
      "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  );
});

Deno.test("only Amazon's own Prometheus is sent a signature", async () => {
  const sigv4 = { region: "eu-west-1" };
  const basicAuth = { username: "me", password: "p" };
  const request = { method: "POST", url: APS, headers: { a: "b" }, body: "query=up" };
  const { headers } = await sent({ sigv4, basicAuth }, { settings: KEYS }, request);
  assert.match(
    headers["authorization"] ?? "",
    /^AWS4-HMAC-SHA256 Credential=id\/20260601\/eu-west-1\/aps\/aws4_request, /,
  );
  assert.equal(headers["a"], "b");
  const other = await sent({ sigv4 }, { settings: KEYS }, { url: "https://metrics.example.com" });
  assert.deepEqual(other.headers, {});
});

async function credentials(config: SigV4Config, world: FakeWorld) {
  const ports = fakePorts(world);
  const found = await outcomeOf(() => awsCredentials(config, ports));
  return { found, asked: ports.asked };
}

const REGION = { region: "eu-west-1" };
const KEYS_JSON = { AccessKeyId: "i", SecretAccessKey: "k", Token: "t" };
const FOUND = { accessKeyId: "i", secretAccessKey: "k", sessionToken: "t", region: "eu-west-1" };

function assumed(action: string): Partial<HttpResponse> {
  const { Token: SessionToken, ...keys } = KEYS_JSON;
  const result = { [`${action}Result`]: { Credentials: { ...keys, SessionToken } } };
  return json({ [`${action}Response`]: result });
}

Deno.test("credentials of AWS come from the environment", async () => {
  const settings = { ...KEYS, AWS_SESSION_TOKEN: "session", AWS_REGION: "us-east-2" };
  assert.deepEqual((await credentials({}, { settings })).found, {
    accessKeyId: "id",
    secretAccessKey: "key",
    sessionToken: "session",
    region: "us-east-2",
  });
});

Deno.test("credentials of AWS come from a service account's token", async () => {
  const action = "AssumeRoleWithWebIdentity";
  const { found, asked } = await credentials(REGION, {
    settings: { AWS_ROLE_ARN: "arn:role" },
    files: { AWS_WEB_IDENTITY_TOKEN_FILE: "web-token" },
    answer: () => assumed(action),
  });
  assert.deepEqual(found, FOUND);
  assert.equal(asked[0]?.url, "https://sts.eu-west-1.amazonaws.com/");
  const form = Object.fromEntries(new URLSearchParams(asked[0]?.body));
  assert.deepEqual([form["Action"], form["RoleArn"], form["WebIdentityToken"]], [
    action,
    "arn:role",
    "web-token",
  ]);
});

Deno.test("credentials of AWS come from a container's agent, or from the machine", async () => {
  const container = await credentials(REGION, {
    settings: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials" },
    files: { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "agent-token\n" },
    answer: () => json(KEYS_JSON),
  });
  assert.deepEqual(container.found, FOUND);
  assert.deepEqual(container.asked[0]?.headers, { authorization: "agent-token" });
  const machine = await credentials(REGION, {
    answer: ({ url }) =>
      url.endsWith("/token")
        ? { body: "machine-token" }
        : url.endsWith("/")
        ? { body: "role\n" }
        : json(KEYS_JSON),
  });
  assert.deepEqual(machine.found, FOUND);
  assert.match(machine.asked[2]?.url ?? "", /\/security-credentials\/role$/);
});

Deno.test("a role is taken on with the credentials at hand", async () => {
  const { found, asked } = await credentials({ ...REGION, roleArn: "arn:other" }, {
    settings: KEYS,
    answer: () => assumed("AssumeRole"),
  });
  assert.deepEqual(found, FOUND);
  assert.match(asked[0]?.headers?.["authorization"] ?? "", /Credential=id\/\d+\/eu-west-1\/sts\//);
  assert.match(asked[0]?.body ?? "", /RoleArn=arn%3Aother/);
});

Deno.test("a profile is one of the file that a setting names", async () => {
  const file = "[default]\naws_access_key_id = x\n\n[shop]\n" +
    "aws_access_key_id = i\naws_secret_access_key=k\naws_session_token = t\n[other]\nregion = a\n";
  const files = { AWS_SHARED_CREDENTIALS_FILE: file };
  assert.deepEqual((await credentials({ ...REGION, profile: "shop" }, { files })).found, FOUND);
  assert.equal(
    (await credentials({ ...REGION, profile: "other" }, { files })).found,
    'sigv4: profile "other" has no keys in the file that AWS_SHARED_CREDENTIALS_FILE names',
  );
});

Deno.test("no credentials and no region are told", async () => {
  const nothing = { answer: () => ({ status: 404 }) };
  assert.equal(
    (await credentials(REGION, nothing)).found,
    "sigv4: no credentials of AWS are found",
  );
  assert.equal(
    (await credentials({}, nothing)).found,
    "sigv4: no region: set it in the metric, or as AWS_REGION",
  );
});
