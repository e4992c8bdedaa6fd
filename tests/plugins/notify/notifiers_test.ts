import assert from "node:assert/strict";
import { NOTIFIERS } from "../../../plugins/notify/all.ts";
import { signedToken } from "../../../plugins/notify/jwt.ts";
import { notifierLaws } from "../../../sdk/testing/notifier.ts";
import { NotifierTrial } from "../../../sdk/testing/notifier_trial.ts";
import { CHATS } from "./chats.ts";
import { MACHINES } from "./machines.ts";
import { isSigned, PKCS1, PKCS8 } from "./rsa_keys.ts";

/** These open connections of their own; they are tested with servers. */
const BY_SOCKET = ["email", "nats"];
const CASES = [...CHATS, ...MACHINES];

for (const subject of CASES) {
  const { notifier, about, requests } = subject;
  Deno.test(`${notifier.name}: ${about}`, async () => {
    const trial = new NotifierTrial(subject);
    assert.deepEqual(await trial.send(), { is: "sent" });
    const asked = trial.requests.map(({ method = "GET", url, headers = {}, body }, index) => {
      const wanted = requests[index];
      const isJson = typeof wanted?.body === "object";
      const names = Object.keys(wanted?.headers ?? {});
      return {
        method,
        url,
        ...(wanted?.headers === undefined
          ? {}
          : { headers: Object.fromEntries(names.map((name) => [name, headers[name]])) }),
        ...(wanted?.body === undefined ? {} : { body: isJson ? JSON.parse(body ?? "") : body }),
      };
    });
    assert.deepEqual(asked, requests);
  });
  for (const { name, check } of notifierLaws(subject)) Deno.test(`${name} (${about})`, check);
}

Deno.test("every notifier is on trial", () => {
  const tried = new Set([...CASES.map(({ notifier }) => notifier.name), ...BY_SOCKET]);
  assert.deepEqual(NOTIFIERS.map(({ name }) => name).filter((name) => !tried.has(name)), []);
});

Deno.test("tokens are signed by keys of both forms", async () => {
  for (const key of [PKCS1, PKCS8]) {
    assert.equal(await isSigned(await signedToken({ iss: "11" }, key)), true);
  }
  for (const key of ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]) {
    await assert.rejects(() => signedToken({}, key), /^Error: the private key /);
  }
});
