/**
 * Credentials of AWS, from where AWS's own programs take them in a cluster: variables of the
 * environment, the token of a service account, the agent of a container, the machine itself; or a
 * profile of the file that `AWS_SHARED_CREDENTIALS_FILE` names.
 */
import type { HttpRequest, PluginPorts } from "../../sdk/ports.ts";
import { type Fields, fieldsOf, textOf } from "../../sdk/wire/json.ts";
import type { SigV4Config } from "./http_config.ts";
import { jsonOf } from "./json.ts";
import { unbusy } from "./later.ts";
import { type AwsCredentials, signed } from "./sigv4.ts";

const MACHINE = "http://169.254.169.254/latest";
const CONTAINERS = "http://169.254.170.2";
const SESSION = "sluice";

/** What a plugin hands in: its own ports. */
export interface AwsPorts extends PluginPorts {
  setting(name: string): string | undefined;
  settingFile(name: string): Promise<string | undefined>;
  conceal(text: string): void;
}

type Keys = Omit<AwsCredentials, "region">;
type Source = (ports: AwsPorts, region: string) => Promise<Keys | undefined>;

/** @throws {Error} when there are none */
export async function awsCredentials(
  { region: named, profile, roleArn }: SigV4Config,
  ports: AwsPorts,
): Promise<AwsCredentials> {
  const region = named || ports.setting("AWS_REGION") || ports.setting("AWS_DEFAULT_REGION");
  if (!region) throw new Error("sigv4: no region: set it in the metric, or as AWS_REGION");
  const keys = profile ? await ofProfile(profile, ports) : await firstOf(ports, region);
  conceal(keys, ports);
  if (!roleArn) return { ...keys, region };
  const form = { Action: "AssumeRole", RoleArn: roleArn, RoleSessionName: SESSION };
  const request = stsRequest(region, form);
  const headers = await signed(request, { ...keys, region, service: "sts" }, ports);
  const assumed = await sts({ ...request, headers }, "AssumeRole", ports);
  conceal(assumed, ports);
  return { ...assumed, region };
}

function conceal({ secretAccessKey, sessionToken = "" }: Keys, ports: AwsPorts): void {
  for (const text of [secretAccessKey, sessionToken]) ports.conceal(text);
}

async function firstOf(ports: AwsPorts, region: string): Promise<Keys> {
  for (const source of SOURCES) {
    const keys = await source(ports, region);
    if (keys !== undefined) return keys;
  }
  throw new Error("sigv4: no credentials of AWS are found");
}

const SOURCES: readonly Source[] = [ofEnvironment, ofServiceAccount, ofContainer, ofMachine];

function ofEnvironment({ setting }: AwsPorts): Promise<Keys | undefined> {
  return Promise.resolve(keysOf({
    AccessKeyId: setting("AWS_ACCESS_KEY_ID"),
    SecretAccessKey: setting("AWS_SECRET_ACCESS_KEY"),
    Token: setting("AWS_SESSION_TOKEN"),
  }));
}

async function ofServiceAccount(ports: AwsPorts, region: string): Promise<Keys | undefined> {
  const role = ports.setting("AWS_ROLE_ARN");
  const token = await ports.settingFile("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!role || token === undefined) return undefined;
  const action = "AssumeRoleWithWebIdentity";
  const form = { Action: action, RoleArn: role, RoleSessionName: SESSION };
  return await sts(stsRequest(region, { ...form, WebIdentityToken: token }), action, ports);
}

async function ofContainer(ports: AwsPorts): Promise<Keys | undefined> {
  const relative = ports.setting("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const url = relative
    ? CONTAINERS + relative
    : ports.setting("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!url) return undefined;
  const token = await ports.settingFile("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") ??
    ports.setting("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  const headers = token ? { authorization: token.trim() } : {};
  return keysOf(fieldsOf(jsonOf(await text({ url, headers }, ports))));
}

async function ofMachine(ports: AwsPorts): Promise<Keys | undefined> {
  try {
    const ttl = { "x-aws-ec2-metadata-token-ttl-seconds": "300" };
    const asked = { method: "PUT", url: `${MACHINE}/api/token`, headers: ttl };
    const headers = { "x-aws-ec2-metadata-token": await text(asked, ports) };
    const roles = `${MACHINE}/meta-data/iam/security-credentials/`;
    const [role = ""] = (await text({ url: roles, headers }, ports)).split("\n");
    return keysOf(fieldsOf(jsonOf(await text({ url: roles + role, headers }, ports))));
  } catch {
    // Not every machine is one of AWS.
    return undefined;
  }
}

async function ofProfile(profile: string, ports: AwsPorts): Promise<Keys> {
  const file = await ports.settingFile("AWS_SHARED_CREDENTIALS_FILE") ?? "";
  const [, section = ""] = file.split(new RegExp(`^\\[${RegExp.escape(profile)}\\]\\s*$`, "m"));
  const lines = section.split(/^\[/m)[0]?.split("\n") ?? [];
  const fields = Object.fromEntries(lines.flatMap((line) => {
    const [, name, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value]];
  }));
  const keys = keysOf({
    AccessKeyId: fields["aws_access_key_id"],
    SecretAccessKey: fields["aws_secret_access_key"],
    Token: fields["aws_session_token"],
  });
  if (keys !== undefined) return keys;
  throw new Error(
    `sigv4: profile "${profile}" has no keys in the file that AWS_SHARED_CREDENTIALS_FILE names`,
  );
}

function keysOf({ AccessKeyId, SecretAccessKey, Token, SessionToken }: Fields): Keys | undefined {
  const [accessKeyId, secretAccessKey] = [textOf(AccessKeyId), textOf(SecretAccessKey)];
  const sessionToken = textOf(Token) || textOf(SessionToken);
  if (accessKeyId === "" || secretAccessKey === "") return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === "" ? {} : { sessionToken }) };
}

function stsRequest(region: string, form: Record<string, string>): HttpRequest {
  return {
    method: "POST",
    url: `https://sts.${region}.amazonaws.com/`,
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ ...form, Version: "2011-06-15" }).toString(),
  };
}

async function sts(request: HttpRequest, action: string, ports: AwsPorts): Promise<Keys> {
  const answer = fieldsOf(jsonOf(await text(request, ports)));
  const result = fieldsOf(fieldsOf(answer[`${action}Response`])[`${action}Result`]);
  const keys = keysOf(fieldsOf(result["Credentials"]));
  if (keys === undefined) throw new Error("sigv4: the security token service gave no credentials");
  return keys;
}

async function text(request: HttpRequest, ports: AwsPorts): Promise<string> {
  const answer = await ports.fetch({ timeoutMs: 2_000, ...request });
  const { status, body } = unbusy(answer, ports.now());
  if (status === 200) return body;
  throw new Error(`sigv4: ${new URL(request.url).host} gives no credentials: status ${status}`);
}
