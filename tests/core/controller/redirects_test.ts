import assert from "node:assert/strict";
import { fullRequest } from "../../../core/controller/full_request.ts";
import { nextRequest } from "../../../core/controller/redirects.ts";

function next(url: string, location: string, status = 302): string {
  try {
    const request = fullRequest({ method: "POST", url, body: "a" });
    const found = nextRequest(request, { status, location });
    return found === undefined ? "none" : `${found.method} ${found.url.href} ${found.body ?? ""}`;
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("a redirect stays within scheme, host and port, or goes to the https of the host", () => {
  const rows: [from: string, to: string, isFollowed: boolean][] = [
    ["http://a.example/x", "/y", true],
    ["http://a.example/x", "http://a.example:80/y", true],
    ["http://a.example/x", "https://a.example/y", true],
    ["https://a.example/x", "http://a.example/y", false],
    ["http://a.example/x", "http://a.example:8080/y", false],
    ["http://a.example:8080/x", "https://a.example/y", false],
    ["http://a.example/x", "https://a.example:8443/y", false],
    ["http://a.example/x", "//b.example/y", false],
    ["http://a.example/x", "http://a.example.evil/y", false],
    ["http://a.example/x", "http://a.example@b.example/y", false],
    ["http://a.example/x", "http://2852039166/y", false],
    ["http://a.example/x", "javascript:alert(1)", false],
  ];
  for (const [from, to, isFollowed] of rows) {
    assert.equal(/not followed/.test(next(from, to)), !isFollowed, `${from} to ${to}`);
  }
  assert.equal(
    next("http://a.example/x", "http://2852039166/y"),
    "http://a.example redirects to http://169.254.169.254, which is not followed: " +
      "it is another host",
  );
  assert.equal(
    next("http://a.example", "http://["),
    "http://a.example redirects to what is no address",
  );
});

Deno.test("name and password of an address that is led to are not taken over", () => {
  assert.equal(next("http://a.example/x", "http://me:pw@a.example/y"), "GET http://a.example/y ");
});

Deno.test("what was posted is posted again with 307 and 308; other answers lead nowhere", () => {
  for (const status of [301, 302, 303]) {
    assert.equal(next("http://a.example/x", "/y", status), "GET http://a.example/y ");
  }
  for (const status of [307, 308]) {
    assert.equal(next("http://a.example/x", "/y", status), "POST http://a.example/y a");
  }
  for (const status of [200, 300, 304, 401]) {
    assert.equal(next("http://a.example/x", "/y", status), "none");
  }
});
