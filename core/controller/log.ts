/** The log port on LogTape: one line an event on standard error, as text or as JSON. */
import { configure, getLogger, type LogRecord } from "@logtape/logtape";
import type { Log, LogFields } from "../ports/log.ts";

export type LogFormat = "text" | "json";
export type LogLevel = "debug" | "info" | "warning" | "error";

const CATEGORY = "sluice";

export async function openLog(
  { format, level, write }: { format: LogFormat; level: LogLevel; write: (line: string) => void },
): Promise<Log> {
  const formatLine = format === "json" ? jsonLine : textLine;
  await configure({
    sinks: { lines: (record) => write(formatLine(record)) },
    loggers: [
      { category: CATEGORY, lowestLevel: level, sinks: ["lines"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
    reset: true,
  });
  const logger = getLogger(CATEGORY);
  return {
    debug: (message, fields) => logger.debug(message, present(fields)),
    info: (message, fields) => logger.info(message, present(fields)),
    warn: (message, fields) => logger.warn(message, present(fields)),
    error: (message, fields) => logger.error(message, present(fields)),
  };
}

function present(fields: LogFields = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** `2030-01-01T00:00:00.000Z INFO  step 1/5 is done rollout=default/web` */
function textLine({ timestamp, level, message, properties }: LogRecord): string {
  const time = new Date(timestamp).toISOString();
  const fields = Object.entries(properties).map(([name, value]) => ` ${name}=${textOf(value)}`);
  return `${time} ${level.toUpperCase().padEnd(7)} ${message.join("")}${fields.join("")}\n`;
}

/**
 * `{"time":"2030-01-01T00:00:00.000Z","level":"info","msg":"step 1/5 is done","rollout":"web"}`:
 * the names are those of Argo Rollouts' log, so that what reads it goes on.
 */
function jsonLine({ timestamp, level, message, properties }: LogRecord): string {
  const time = new Date(timestamp).toISOString();
  return `${JSON.stringify({ time, level, msg: message.join(""), ...properties })}\n`;
}

function textOf(value: unknown): string {
  const text = String(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
