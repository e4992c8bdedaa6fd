import { UnreachableError } from "../../ports/api_error.ts";
import type { WatchEventType, WatchHandle, WatchSink } from "../../ports/cluster.ts";
import type { KubeObject } from "../../../sdk/api/object.ts";
import type { Call } from "./call.ts";
import type { Connection } from "./connection.ts";
import { LineSplitter } from "./line_splitter.ts";
import { apiErrorOf, statusError } from "./reply.ts";

interface Line {
  readonly type: WatchEventType | "ERROR";
  readonly object: Record<string, unknown>;
}

/** Opens a watch and hands its events to the sink until it ends or is stopped. */
export function startWatch(connection: Connection, call: Call, sink: WatchSink): WatchHandle {
  const splitter = new LineSplitter();
  let isOver = false;
  const opened = () => {
    if (!isOver) sink.opened?.();
  };
  const stream = connection.stream(call, (chunk) => {
    for (const text of splitter.push(chunk)) {
      const { type, object } = lineOf(call, text);
      // Asked for each event: the sink may have stopped the watch at the one before.
      if (isOver) return;
      if (type === "ERROR") {
        throw statusError(object, { status: 500, retryAfterSeconds: undefined });
      }
      sink.event({ type, object: object as KubeObject });
    }
  }, opened);
  function end(error?: Error): void {
    if (isOver) return;
    isOver = true;
    sink.end(error);
  }
  stream.ended.then((refusal) => {
    if (refusal) end(apiErrorOf(call, refusal));
    else if (splitter.isMidLine) {
      end(
        new UnreachableError(
          `Cannot ${call.doing}: the connection ended in the middle of an event`,
        ),
      );
    } else end();
  }).catch((error) => end(error instanceof Error ? error : new Error(String(error))));
  return {
    stop() {
      isOver = true;
      stream.stop();
    },
  };
}

function lineOf(call: Call, text: string): Line {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    if (typeof line?.type === "string" && typeof line.object === "object" && line.object) {
      return line as Line;
    }
  } catch {
    // Told below.
  }
  throw new UnreachableError(
    `Cannot ${call.doing}: the server sent something that is not a watch event`,
  );
}
