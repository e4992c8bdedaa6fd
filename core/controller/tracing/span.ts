/** Spans, and the JSON of OpenTelemetry's protocol in which they are sent. */

/** What a span says of itself. A list is written as one of strings. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

export interface Span {
  /** 32 digits, of all spans of one pass. */
  readonly traceId: string;
  /** 16 digits. */
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  /** Whether it waits for another server. */
  readonly isCall: boolean;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Absent: nothing failed. */
  readonly failure?: string | undefined;
}

const KIND_INTERNAL = 1;
const KIND_CLIENT = 3;
const STATUS_ERROR = 2;

export interface Sender {
  readonly resource: Attributes;
  readonly version: string;
}

/** The body of one request. */
export function spansJson(spans: readonly Span[], { resource, version }: Sender): string {
  return JSON.stringify({
    resourceSpans: [{
      resource: { attributes: attributesJson(resource) },
      scopeSpans: [{ scope: { name: "sluice", version }, spans: spans.map(spanJson) }],
    }],
  });
}

function spanJson(span: Span): Record<string, unknown> {
  const { traceId, id, parentId, name, isCall, startMs, endMs, attributes, failure } = span;
  return {
    traceId,
    spanId: id,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name,
    kind: isCall ? KIND_CLIENT : KIND_INTERNAL,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesJson(attributes),
    ...(failure === undefined ? {} : { status: { code: STATUS_ERROR, message: failure } }),
  };
}

/** As text: JSON's numbers have too few digits. */
function nanoseconds(ms: number): string {
  return `${Math.round(ms * 1000)}000`;
}

function attributesJson(attributes: Attributes): unknown[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: valueJson(value) }]
  );
}

function valueJson(value: string | number | boolean | readonly string[]): unknown {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
  }
}
