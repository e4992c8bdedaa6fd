/** The program, beside what lets out errors of the kind that is asked for over a connection. */
import { connect } from "node:net";

const server = await Deno.connect({
  hostname: "127.0.0.1",
  port: Number(Deno.env.get("STRAY_PORT")),
});

async function obey(): Promise<void> {
  for await (const chunk of server.readable) {
    for (const kind of new TextDecoder().decode(chunk).trim().split("\n")) letOut(kind);
  }
}

function letOut(kind: string): void {
  if (kind === "socket") connect({ host: "127.0.0.1", port: 1 });
  else if (kind === "rejection") void Promise.reject(new TypeError("nobody waits for this"));
  else {setTimeout(() => {
      throw new TypeError("nobody catches this");
    }, 0);}
}

void obey();
await import("../../../main.ts");
