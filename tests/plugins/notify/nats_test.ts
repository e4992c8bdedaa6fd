import assert from "node:assert/strict";
import { loginOf } from "../../../plugins/notify/nats/login.ts";
import { nats } from "../../../plugins/notify/nats/mod.ts";
import { serverAddresses } from "../../../plugins/notify/nats/server_address.ts";

const NOBODY = { host: "nats.test", port: 4222, isTls: false, username: "", password: "" };
/** Made for this test; key and signature are what NATS' own library makes of it. */
const SEED = "SUAHRJFI3OQFDXMRLSHTAQ23EGHKYKP7Z7RYWVIPHPHCTHAUKBZZRV4IXM";
const KEY = "UBAPWUTKJEUMUNMBMA2SEFZ43RH3EIXXVSEFTLKPSZXFIPPET3KFCD3M";
const SIGNATURE =
  "1DeS86mGBh8Aq45W3B5Yh9UbOdzGmvL93_jmgcDAFRNaOiQlnV8TaUYVSQfZ2x9rpgtlLmO34DvEuxE4wmNZCg";

Deno.test("nats: a login is a name and a password, a token, or a key that signs", async () => {
  const named = { ...NOBODY, username: "a", password: "b" };
  const rows = [
    [{}, NOBODY, {}],
    [{ username: "c", password: "d" }, NOBODY, { user: "c", pass: "d" }],
    [{ user: "c" }, NOBODY, { user: "c", pass: "" }],
    [{ user: "c" }, named, { user: "a", pass: "b" }],
    [{}, { ...NOBODY, username: "token" }, { auth_token: "token" }],
    [{ nkey: ` ${SEED}\n` }, NOBODY, { nkey: KEY, sig: SIGNATURE }],
  ] as const;
  for (const [config, address, login] of rows) {
    assert.deepEqual(await loginOf(config, address, "nonce-1"), login);
  }
  for (const nkey of ["S", KEY, `${SEED.slice(0, -1)}A`, SEED.toLowerCase(), `${SEED}AAAAAAAA`]) {
    await assert.rejects(() => loginOf({ nkey }, NOBODY, ""), (error: Error) => {
      assert.equal(error.message, '"nkey" is no seed of a user (SU...)');
      return true;
    });
  }
});

Deno.test("nats: an address has a host, perhaps a scheme, a port and a login", () => {
  const rows: [string, Partial<typeof NOBODY>][] = [
    ["nats.test", {}],
    ["nats://nats.test/", {}],
    ["nats.test:80", { port: 80 }],
    ["tls://nats.test:443", { isTls: true, port: 443 }],
    ["nats://a:b%40c@nats.test", { username: "a", password: "b@c" }],
    ["token@nats.test", { username: "token" }],
    ["nats://[::1]:4223", { host: "::1", port: 4223 }],
  ];
  for (const [text, address] of rows) {
    assert.deepEqual(serverAddresses(text), [{ ...NOBODY, ...address }], text);
  }
  assert.equal(serverAddresses("a.test, b.test:1")?.length, 2);
  for (const text of ["", "a.test,", "ws://a.test", "a.test:x", "a.test/path", "%zz@a.test"]) {
    assert.equal(serverAddresses(text), undefined, text);
    assert.equal(nats.problems?.({ url: text }).length, 1, text);
  }
});
