/** A cluster with the Rollout `web`, and a program that follows it. */
import { parse } from "yaml";
import { ROLLOUTS } from "../../../core/api/names/resources.ts";
import { systemClock } from "../../../core/cluster/system/mod.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import { EmbeddedServer } from "./embedded_server.ts";
import { type Machine, type Run, run } from "./fake_terminal.ts";
import { inFolder } from "./process.ts";
import { web } from "./web_manifest.ts";

/** What a test does while the program runs. */
export interface Followed {
  readonly server: EmbeddedServer;
  /** What was printed so far, on both streams. */
  printed(): string;
  /** Resolves when so many pieces of output have been written. */
  wrote(pieces: number): Promise<void>;
  /** Resolves when it is so; looked at after each piece of output. */
  seen(isSo: () => boolean): Promise<void>;
  /** Gives the Rollout another status. */
  setStatus(status: Record<string, unknown>): Promise<void>;
  /** Ctrl-C. */
  stop(): void;
}

/** Runs the program on that cluster, does something in the meantime, and gives how it ended. */
export async function following(
  args: readonly string[],
  act: (followed: Followed) => Promise<void>,
  machine: Machine = {},
): Promise<Run> {
  await using server = new EmbeddedServer();
  await server.create(ROLLOUTS, parse(web()) as KubeObject);
  const stopping = Promise.withResolvers<void>();
  const pieces: string[] = [];
  const waiting: { isSo: () => boolean; resolve: () => void }[] = [];
  const seen = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      if (isSo()) resolve();
      else waiting.push({ isSo, resolve });
    });
  const followed: Followed = {
    server,
    printed: () => pieces.join(""),
    wrote: (count) => seen(() => pieces.length >= count),
    seen,
    async setStatus(status) {
      await server.change((client) =>
        client.patch(ROLLOUTS, { namespace: "default", name: "web" }, {
          type: "merge",
          body: { status: { observedGeneration: "1", ...status } },
        }, { subresource: "status" })
      );
    },
    stop: () => stopping.resolve(),
  };
  let ended: Run | undefined;
  await inFolder({ config: server.kubeconfig }, async (folder) => {
    const running = run([...args, "--kubeconfig", `${folder}/config`], {
      clock: systemClock,
      ...machine,
      stopping: stopping.promise,
      onOutput(text) {
        machine.onOutput?.(text);
        pieces.push(text);
        for (const { isSo, resolve } of waiting) if (isSo()) resolve();
      },
    });
    await Promise.race([act(followed), running]);
    ended = await running;
  });
  return ended as unknown as Run;
}
