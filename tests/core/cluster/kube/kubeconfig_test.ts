import assert from "node:assert/strict";
import { kubeconfigCredentials } from "../../../../core/cluster/kube/mod.ts";
import { ManualClock } from "./manual_clock.ts";

const clock = new ManualClock();

/** A folder of files that is gone at the end of its scope. */
async function folderOf(files: Record<string, string>) {
  const path = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A kubeconfig with one cluster, one user and one context, in JSON, which is YAML. */
function kubeconfig(user: object, cluster: object = {}, context: object = {}): string {
  return JSON.stringify({
    clusters: [{ name: "c", cluster: { server: "https://server.test:6443", ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", ...context } }],
    "current-context": "x",
  });
}

async function credentialsOf(text: string, files: Record<string, string> = {}) {
  await using folder = await folderOf({ config: text, ...files });
  const credentials = await kubeconfigCredentials({ paths: [`${folder.path}/config`], clock });
  const { headers, renew: _renew, ...rest } = credentials;
  return { ...rest, headers: await headers() };
}

Deno.test("a kubeconfig gives server, namespace, certificates and token", async () => {
  const text = `
apiVersion: v1
kind: Config
current-context: two
contexts:
- {name: one, context: {cluster: none, user: none}}
- name: two
  context: {cluster: c, user: u, namespace: demo}
clusters:
- name: c
  cluster:
    server: https://server.test/path
    certificate-authority-data: ${btoa("authority")}
    tls-server-name: other.test
    insecure-skip-tls-verify: yes
    proxy-url: http://proxy.test
    extensions: [{name: unknown, extension: {}}]
users:
- name: u
  user: {token: secret, client-certificate-data: ${btoa("cert")}, client-key-data: ${btoa("key")}}
`;
  assert.deepEqual(await credentialsOf(text), {
    server: "https://server.test/path",
    namespace: "demo",
    caPem: "authority",
    certPem: "cert",
    keyPem: "key",
    tlsServerName: "other.test",
    insecureSkipTlsVerify: true,
    proxyUrl: "http://proxy.test",
    headers: { Authorization: "Bearer secret" },
  });
});

const users: { name: string; user: object; headers: Record<string, string> }[] = [
  { name: "nobody", user: {}, headers: {} },
  { name: "a token", user: { token: "t" }, headers: { Authorization: "Bearer t" } },
  {
    name: "a token file, which wins over a token,",
    user: { token: "t", tokenFile: "token" },
    headers: { Authorization: "Bearer filed" },
  },
  {
    name: "a name and a password",
    user: { username: "jürgen", password: "a:b" },
    headers: { Authorization: "Basic asO8cmdlbjphOmI=" },
  },
  {
    name: "someone who acts as another",
    user: { token: "t", as: "other", "as-uid": "7" },
    headers: { Authorization: "Bearer t", "Impersonate-User": "other", "Impersonate-Uid": "7" },
  },
  {
    name: "an identity provider's token",
    user: {
      "auth-provider": {
        name: "oidc",
        config: { "id-token": `${btoa("{}")}.${btoa('{"exp":99999999999}')}.s` },
      },
    },
    headers: { Authorization: `Bearer ${btoa("{}")}.${btoa('{"exp":99999999999}')}.s` },
  },
];
for (const { name, user, headers } of users) {
  Deno.test(`the user of a kubeconfig is ${name}`.replace(/,$/, ""), async () => {
    const credentials = await credentialsOf(kubeconfig(user), { token: " filed\n" });
    assert.deepEqual(credentials.headers, headers);
    assert.equal(credentials.namespace, "default");
  });
}

Deno.test("files that a kubeconfig names are found from its folder", async () => {
  const user = { "client-certificate": "cert.pem", "client-key": "key.pem" };
  const text = kubeconfig(user, { "certificate-authority": "ca.pem" });
  const files = { "ca.pem": "authority", "cert.pem": "cert", "key.pem": "key" };
  const { caPem, certPem, keyPem } = await credentialsOf(text, files);
  assert.deepEqual([caPem, certPem, keyPem], ["authority", "cert", "key"]);
});

/** A user who runs a program that prints this credential. */
function execUser(script: string, extra: object = {}): object {
  const args = ["eval", "--no-config", script];
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: Deno.execPath(),
      args,
      ...extra,
    },
  };
}

Deno.test("an exec plug-in gives a token, a certificate and a key", async () => {
  const status = { token: "t", clientCertificateData: "cert", clientKeyData: "key" };
  const user = execUser(`console.log(JSON.stringify({ status: ${JSON.stringify(status)} }))`);
  const { headers, certPem, keyPem } = await credentialsOf(kubeconfig(user));
  assert.deepEqual(headers, { Authorization: "Bearer t" });
  assert.deepEqual([certPem, keyPem], ["cert", "key"]);
});

Deno.test("an exec plug-in learns from its environment what it is asked for", async () => {
  const script = "const { KUBERNETES_EXEC_INFO, OWN } = Deno.env.toObject();" +
    "const token = btoa(KUBERNETES_EXEC_INFO + OWN);" +
    "console.log(JSON.stringify({ status: { token } }))";
  const env = [{ name: "OWN", value: "own" }];
  const user = execUser(script, { env, provideClusterInfo: true });
  const { headers } = await credentialsOf(kubeconfig(user));
  const told = atob(headers["Authorization"]!.replace("Bearer ", ""));
  assert.equal(
    told,
    JSON.stringify({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: "https://server.test:6443" } },
    }) + "own",
  );
});

Deno.test("an exec plug-in that fails is named, with what it said and its hint", async () => {
  const user = execUser('console.error("no luck"); Deno.exit(1)', { installHint: "get it there" });
  await assert.rejects(
    credentialsOf(kubeconfig(user)),
    /^Error: Cannot use kubeconfig ".*": its exec plug-in ".*" failed: no luck; get it there$/,
  );
  const missing = { exec: { command: "no-such-program-anywhere" } };
  await assert.rejects(
    credentialsOf(kubeconfig(missing)),
    /its exec plug-in "no-such-program-anywhere" failed: /,
  );
});

Deno.test("a context is chosen by name", async () => {
  await using folder = await folderOf({ config: kubeconfig({}) });
  const paths = [`${folder.path}/config`];
  const chosen = await kubeconfigCredentials({ paths, context: "x", clock });
  assert.equal(chosen.server, "https://server.test:6443");
  await assert.rejects(kubeconfigCredentials({ paths, context: "y", clock }), {
    message: `Cannot use kubeconfig "${paths[0]}": it has no context "y", only "x"`,
  });
});

Deno.test("of several kubeconfigs the first that says something wins", async () => {
  await using folder = await folderOf({
    a: JSON.stringify({ "current-context": "x", users: [{ name: "u", user: { token: "first" } }] }),
    c: kubeconfig({ token: "second" }),
    d: JSON.stringify({ "current-context": "other" }),
  });
  const paths = ["a", "b", "c", "d"].map((name) => `${folder.path}/${name}`);
  const credentials = await kubeconfigCredentials({ paths, clock });
  assert.deepEqual(await credentials.headers(), { Authorization: "Bearer first" });
  assert.equal(credentials.server, "https://server.test:6443");
});

Deno.test("what is said beside a kubeconfig comes before what it says", async () => {
  const text = JSON.stringify({
    ...JSON.parse(kubeconfig({ token: "old", tokenFile: "/none", exec: { command: "none" } }, {
      "certificate-authority-data": btoa("authority"),
    }, { namespace: "demo" })),
  });
  await using folder = await folderOf({ config: text, ca: "other authority" });
  const credentials = await kubeconfigCredentials({
    paths: [`${folder.path}/config`],
    clock,
    overrides: {
      server: "https://other.test",
      namespace: "shop",
      token: "new",
      as: "jane",
      "as-groups": ["admins"],
      "certificate-authority": `${folder.path}/ca`,
      "tls-server-name": "name.test",
    },
  });
  const { headers, renew: _renew, ...rest } = credentials;
  assert.deepEqual(rest, {
    server: "https://other.test",
    namespace: "shop",
    caPem: "other authority",
    tlsServerName: "name.test",
  });
  assert.deepEqual(await headers(), {
    Authorization: "Bearer new",
    "Impersonate-User": "jane",
    "Impersonate-Group": "admins",
  });
});

Deno.test("other entries of the kubeconfig than those of the context can be named", async () => {
  const config = JSON.parse(kubeconfig({ token: "first" }));
  config.users.push({ name: "v", user: { token: "second" } });
  config.clusters.push({ name: "d", cluster: { server: "https://d.test" } });
  await using folder = await folderOf({ config: JSON.stringify(config) });
  const credentials = await kubeconfigCredentials({
    paths: [`${folder.path}/config`],
    clock,
    overrides: { cluster: "d", user: "v" },
  });
  assert.equal(credentials.server, "https://d.test");
  assert.deepEqual(await credentials.headers(), { Authorization: "Bearer second" });
});

Deno.test("a server that is named needs no kubeconfig", async () => {
  const credentials = await kubeconfigCredentials({
    paths: ["/none/config"],
    mayBeMissing: true,
    clock,
    overrides: { server: "http://127.0.0.1:8001" },
  });
  assert.equal(credentials.server, "http://127.0.0.1:8001");
  assert.equal(credentials.namespace, "default");
});

const mistakes: { name: string; text: string; message: string }[] = [
  {
    name: "nothing in it",
    text: "",
    message: 'Cannot use kubeconfig "FILE": it has no current-context, and none was asked for',
  },
  {
    name: "no YAML in it",
    text: "clusters: [\nusers: }",
    message: 'Cannot read kubeconfig "FILE": it is not YAML: Flow sequence in block collection *',
  },
  {
    name: "text in it",
    text: "hello",
    message:
      'Cannot read kubeconfig "FILE": it is no kubeconfig: that has clusters, users and contexts',
  },
  {
    name: "a number for a token",
    text: kubeconfig({ token: 7 }),
    message: 'Cannot read kubeconfig "FILE": "users.0.user.token": ' +
      "Invalid input: expected string, received number",
  },
  {
    name: "a context without its cluster",
    text: kubeconfig({}, {}, { cluster: "d" }),
    message: 'Cannot use kubeconfig "FILE": context "x" names cluster "d", which it does not have',
  },
  {
    name: "a context without its user",
    text: kubeconfig({}, {}, { user: "v" }),
    message: 'Cannot use kubeconfig "FILE": context "x" names user "v", which it does not have',
  },
  {
    name: "a server that is no URL",
    text: kubeconfig({}, { server: "server.test" }),
    message: 'Cannot use kubeconfig "FILE": the server "server.test" of cluster "c" ' +
      "is not a URL that starts with https:// or http://",
  },
  {
    name: "a certificate without a key",
    text: kubeconfig({ "client-certificate-data": btoa("cert") }),
    message:
      'Cannot use kubeconfig "FILE": its user has only one of client certificate and client key',
  },
  {
    name: "data that is no base64",
    text: kubeconfig({}, { "certificate-authority-data": "%" }),
    message: 'Cannot use kubeconfig "FILE": a certificate or key in it is not base64',
  },
  {
    name: "the name of a file that is missing",
    text: kubeconfig({ tokenFile: "/nowhere/token" }),
    message: 'Cannot use kubeconfig "FILE": there is no file "/nowhere/token"',
  },
  {
    name: "several groups to act in",
    text: kubeconfig({ as: "other", "as-groups": ["admins", "others"] }),
    message: 'Cannot use kubeconfig "FILE": ' +
      'its user sets more than one of "as-groups", which is not supported',
  },
];
for (const { name, text, message } of mistakes) {
  Deno.test(`a kubeconfig with ${name} is told in one sentence`, async () => {
    await using folder = await folderOf({ config: text });
    const path = `${folder.path}/config`;
    const outcome = kubeconfigCredentials({ paths: [path], clock });
    const error = await outcome.then(() => undefined, (thrown: Error) => thrown);
    assert.ok(error);
    const [start, rest] = message.replace("FILE", path).split("*");
    if (rest === undefined) assert.equal(error.message, start);
    else {assert.ok(
        error.message.startsWith(start!) && !error.message.includes("\n"),
        error.message,
      );}
  });
}

Deno.test("a kubeconfig that is missing is told by its path", async () => {
  await assert.rejects(kubeconfigCredentials({ paths: ["/nowhere/config"], clock }), {
    message: 'Cannot read kubeconfig "/nowhere/config": there is no file "/nowhere/config"',
  });
});
