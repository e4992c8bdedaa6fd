/** The laws of metric providers. Each is a sentence, and a check that throws `Broken`. */
import { checkingKit, type Expected } from "../fields/checking_kit.ts";
import { valueProblems } from "../fields/type_problems.ts";
import { unknownFieldsOf } from "../fields/unknown_fields.ts";
import type { MetricValue, Reading } from "../metric_provider.ts";
import type { HttpResponse } from "../ports.ts";
import { fieldsOf } from "../wire/json.ts";
import { kindOf } from "./memory_cluster.ts";
import type { MetricSubject, SourceAnswer } from "./metric_subject.ts";
import { MetricTrial, NOW_MS, type Outcome, textOf } from "./metric_trial.ts";
import { Broken, must } from "./trial.ts";

/** A law, and the subject that is judged by it. */
export type MetricCheck = <Config>(subject: MetricSubject<Config>) => Promise<void>;

export const METRIC_LAWS: Readonly<Record<string, MetricCheck>> = Object.freeze({
  "what it measures is what the source has": measures,
  "the same answer twice gives the same reading": isDeterministic,
  "a value has the shape that was foretold, and fits it": hasShape,
  "what goes in stays as it is, and what comes out is plain data": isPlainData,
  "no answer is an error, and never a value": tellsNoAnswer,
  "an answer that says failure is an error, and never a value": tellsFailure,
  "an answer that nobody can read is an error, and never a value": tellsNonsense,
  "no data is told as such, and is no zero": tellsNoData,
  "a source that asks for time is asked again then": comesBack,
  "no request waits longer than the configuration says": keepsDeadline,
  "given up while it waits, it ends and asks for nothing more": obeysSignal,
  "nothing that it says holds a secret": keepsSecrets,
  "begun twice it is one measurement": isIdempotent,
  "ended early it leaves nothing that goes on": terminates,
  "what older measurements left behind can be removed": collects,
  "it reads and writes only the kinds that it declares": declares,
  "its configuration is what its table says": describesConfig,
  "whatever stands in a configuration, its description does not throw": toleratesAnything,
});

function readingOf(outcome: Outcome): Reading {
  if ("reading" in outcome) return outcome.reading;
  throw new Broken(`there is no reading: ${outcome.error}`);
}

async function measures<C>(subject: MetricSubject<C>): Promise<void> {
  const reading = readingOf(await new MetricTrial(subject).measure());
  if (subject.value === undefined) {
    must(reading.is === "verdict", `it reads ${textOf(reading)}: say which value is expected`);
    return;
  }
  must(reading.is === "value", `it reads ${textOf(reading)}, which is no value`);
  const [is, should] = [reading.value, subject.value].map(textOf);
  must(is === should, `the value is ${is} and should be ${should}`);
  must(reading.text !== "", "the value has no text for people");
}

async function isDeterministic<C>(subject: MetricSubject<C>): Promise<void> {
  for (const answer of [subject.answer, subject.empty]) {
    const [first, second] = [
      textOf(await new MetricTrial(subject, answer).measure()),
      textOf(await new MetricTrial(subject, answer).measure()),
    ];
    must(first === second, `${first}, and then ${second}`);
  }
}

async function hasShape<C>(subject: MetricSubject<C>): Promise<void> {
  const foretold = [subject.provider.shapeOf?.(subject.config) ?? "unknown"].flat();
  for (const answer of [subject.answer, ...subject.empty === undefined ? [] : [subject.empty]]) {
    const outcome = await new MetricTrial(subject, answer).measure();
    if ("error" in outcome || !("value" in outcome.reading)) continue;
    const { value } = outcome.reading;
    const isForetold = foretold.includes("unknown") || foretold.includes(value.shape);
    must(isForetold, `a ${value.shape} is read where a ${foretold.join(" or ")} was foretold`);
    must(fitsShape(value), `${textOf(value)} does not fit its shape`);
  }
}

function fitsShape({ shape, value }: MetricValue): boolean {
  if (shape === "scalar") return typeof value === "number";
  if (shape === "vector") {
    return Array.isArray(value) && value.every((each) => typeof each === "number");
  }
  return isPlain(value) && value !== undefined;
}

async function isPlainData<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  // What is handed in is frozen: who writes to it throws.
  const reading = readingOf(await trial.begin());
  must(isPlain(reading), `the reading is no plain data: ${textOf(reading)}`);
  const metadata = subject.provider.metadata?.(trial.call()) ?? {};
  for (const each of [metadata, "metadata" in reading ? reading.metadata ?? {} : {}]) {
    const isText = Object.values(each).every((value) => typeof value === "string");
    must(isText, `metadata is no text: ${textOf(each)}`);
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object") {
    return ["string", "boolean", "undefined", "number"].includes(typeof value);
  }
  if (value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isData = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isData && Object.values(value).every(isPlain);
}

/** The outcome must be an error that is one sentence for people. */
function mustBeError(when: string, outcome: Outcome): void {
  if (!("error" in outcome)) {
    throw new Broken(`${when} it reads ${textOf(outcome.reading)}, which is no error`);
  }
  const isSentence = outcome.error.trim() !== "" && !/\n\s+at /.test(outcome.error);
  must(isSentence, `${when} its error is no sentence: "${outcome.error}"`);
}

async function tellsNoAnswer<C>(subject: MetricSubject<C>): Promise<void> {
  if (subject.answer === undefined) return;
  mustBeError("without an answer", await new MetricTrial(subject, refuse).measure());
}

function refuse(): never {
  throw new Error("Cannot reach the source: connection refused");
}

const FAILURES: readonly number[] = [400, 401, 403, 404, 422, 429, 500, 502, 503];
const NONSENSE: readonly string[] = ["", "<html>busy</html>", "null", "{}", "[]", "0", '"text"'];

async function tellsFailure<C>(subject: MetricSubject<C>): Promise<void> {
  const { answer } = subject;
  if (answer === undefined) return;
  for (const status of FAILURES) {
    const bodies: SourceAnswer[] = [...NONSENSE.map((body) => () => ({ body })), answer, repeating];
    for (const body of bodies) {
      const failing: SourceAnswer = (request) => ({ ...body(request), status });
      mustBeError(`with status ${status}`, await new MetricTrial(subject, failing).measure());
    }
  }
}

async function tellsNonsense<C>(subject: MetricSubject<C>): Promise<void> {
  const { answer } = subject;
  if (answer === undefined) return;
  for (const body of NONSENSE) {
    const said = await new MetricTrial(subject, () => ({ body })).measure();
    mustBeError(`with the body ${textOf(body)}`, said);
  }
  const cutOff: SourceAnswer = (request) => {
    const { body = "", ...head } = answer(request);
    return { ...head, body: body.slice(0, Math.floor(body.length / 2)) };
  };
  mustBeError("with half an answer", await new MetricTrial(subject, cutOff).measure());
}

async function tellsNoData<C>(subject: MetricSubject<C>): Promise<void> {
  if (subject.empty === undefined) return;
  const outcome = await new MetricTrial(subject, subject.empty).measure();
  if ("error" in outcome) return;
  must(outcome.reading.is === "empty", `without data it reads ${textOf(outcome.reading)}`);
}

async function comesBack<C>(subject: MetricSubject<C>): Promise<void> {
  if (subject.answer === undefined) return;
  for (const status of [429, 503]) {
    const busy = () => ({ status, headers: { "retry-after": "30" } });
    const reading = readingOf(await new MetricTrial(subject, busy).measure());
    const isThen = reading.is === "later" && reading.retryAtMs === NOW_MS + 30_000;
    must(isThen, `with status ${status} and 30 seconds to wait it reads ${textOf(reading)}`);
  }
}

async function keepsDeadline<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  await trial.measure();
  const limitMs = subject.timeoutMs ?? 10_000;
  const deadlineMs = subject.provider.deadlineMs?.(subject.config) ?? limitMs;
  must(deadlineMs >= limitMs, `all in all it may take ${deadlineMs} ms, a request ${limitMs} ms`);
  for (const { timeoutMs = 10_000 } of trial.requests) {
    const isKept = timeoutMs > 0 && timeoutMs <= limitMs;
    must(isKept, `a request may wait ${timeoutMs} ms, and the limit is ${limitMs} ms`);
  }
}

/** So often everything that can go on by itself goes on. */
const TURNS = 10_000;

async function obeysSignal<C>(subject: MetricSubject<C>): Promise<void> {
  const healthy = new MetricTrial(subject);
  await healthy.measure();
  for (let number = 1; number <= healthy.requests.length; number++) {
    const trial = new MetricTrial(subject);
    const reached = trial.hang(number);
    let outcome: Outcome | undefined;
    const measured = trial.measure().then((said) => {
      outcome = said;
    });
    await Promise.race([reached, measured]);
    const asked = trial.requests.length;
    trial.ending.abort(new Error("nobody waits any more"));
    for (let turn = 0; turn < TURNS && outcome === undefined; turn++) await Promise.resolve();
    if (outcome === undefined) throw new Broken(`given up at request ${number}, it does not end`);
    mustBeError(`given up at request ${number}`, outcome);
    must(trial.requests.length === asked, `given up at request ${number}, it asks for more`);
  }
}

/** A server that shows what it was sent, as some do in their errors. */
function repeating(request: unknown): Partial<HttpResponse> {
  return { body: textOf(request) };
}

async function keepsSecrets<C>(subject: MetricSubject<C>): Promise<void> {
  const { answer, empty, secrets = [] } = subject;
  const worlds: (SourceAnswer | undefined)[] = [answer, empty];
  if (answer !== undefined) {
    worlds.push(refuse, ...NONSENSE.map((body) => () => ({ body })));
    worlds.push(...FAILURES.map((status): SourceAnswer => (request) => ({
      ...repeating(request),
      status,
    })));
  }
  const forms = secrets.flatMap((secret) => [secret, base64(secret), encodeURIComponent(secret)]);
  for (const world of worlds) {
    const trial = new MetricTrial(subject, world);
    await trial.measure();
    const metadata = textOf(subject.provider.metadata?.(trial.call()));
    for (const said of [...trial.said, metadata]) {
      must(!forms.some((form) => said.includes(form)), `a secret stands in: ${said}`);
    }
  }
  if (answer !== undefined) await keepsTokens(subject, forms);
}

/**
 * A source may repeat what it was sent as its value. Arguments and Secrets are struck out of that
 * then, and what was made of them if the provider conceals it.
 */
async function keepsTokens<C>(
  subject: MetricSubject<C>,
  forms: readonly string[],
): Promise<void> {
  const { answer } = subject;
  const healthy = new MetricTrial(subject);
  await healthy.measure();
  // The source itself is asked last; servers of tokens are asked before it.
  const { url } = healthy.requests.at(-1) ?? { url: "" };
  const trial = new MetricTrial(
    subject,
    (request) => request.url === url ? repeating(request) : answer?.(request) ?? {},
  );
  await trial.measure();
  const config = textOf(subject.config);
  const known = [...trial.concealed, ...forms.filter((form) => config.includes(form))];
  for (const said of trial.said) {
    const struck = known.filter((text) => text !== "")
      .reduce((rest, text) => rest.replaceAll(text, "*****"), said);
    must(!forms.some((form) => struck.includes(form)), `what a secret became stands in: ${said}`);
  }
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes));
}

async function isIdempotent<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  const first = textOf(await trial.begin());
  const objects = textOf(trial.cluster.objects);
  const second = textOf(await trial.begin());
  must(first === second, `begun once it says ${first}, begun again ${second}`);
  must(objects === textOf(trial.cluster.objects), "begun again it changes objects");
}

async function terminates<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  const reading = readingOf(await trial.begin());
  if (reading.is !== "running") return;
  const { provider } = subject;
  const call = trial.running(reading);
  for (const time of ["once", "twice"]) {
    const ended = readingOf(
      await trial.outcomeOf(async () => {
        if (provider.terminate === undefined) throw new Broken("it goes on and has no terminate");
        return await provider.terminate(call, trial.ports);
      }),
    );
    must(ended.is !== "running", `ended ${time} it reads ${textOf(ended)}`);
    must(trial.cluster.objects.length === 0, `ended ${time} it leaves objects behind`);
  }
}

async function collects<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  for (const number of [1, 2, 3]) await trial.measure(number);
  const names = () => trial.cluster.objects.map(({ metadata }) => metadata.name);
  const before = names();
  if (before.length === 0) return;
  const { run } = trial.call();
  if (subject.provider.collect === undefined) throw new Broken("it leaves objects for ever");
  await subject.provider.collect({ run: { ...run, uid: "another" }, limit: 0 }, trial.ports);
  must(textOf(names()) === textOf(before), "objects of another run are removed");
  await subject.provider.collect({ run, limit: 1 }, trial.ports);
  must(textOf(names()) === textOf(before.slice(-1)), `of ${before} it keeps ${names()}`);
}

async function declares<C>(subject: MetricSubject<C>): Promise<void> {
  const trial = new MetricTrial(subject);
  await trial.measure();
  const declared = new Set((subject.provider.resources ?? []).map(kindOf));
  for (const kind of trial.cluster.kinds) {
    must(declared.has(kind), `it uses ${kind} and does not declare it`);
  }
}

function describesConfig<C>({ provider, config }: MetricSubject<C>): Promise<void> {
  if (provider.config === undefined) return Promise.resolve();
  const fields = provider.config(checkingKit()) as Record<string, Expected>;
  const expected: Expected = { type: "object", isRequired: true, fields: () => fields };
  const problems = valueProblems(config, expected);
  must(problems.length === 0, `the subject's configuration has problems: ${textOf(problems)}`);
  const unknown = unknownFieldsOf(fieldsOf(config), expected);
  must(unknown.length === 0, `its table does not know ${textOf(unknown)}`);
  return Promise.resolve();
}

const ODD: readonly unknown[] = [null, "", "x", 7, -1, true, [], [null], [{}], {}, { name: 1 }];

function toleratesAnything<C>(subject: MetricSubject<C>): Promise<void> {
  const { provider, config } = subject;
  const call = new MetricTrial(subject).call();
  const names = Object.keys(fieldsOf(config));
  const configs = names.flatMap((name) =>
    ODD.map((value) => ({ ...fieldsOf(config), [name]: value }))
  );
  for (const each of [{}, ...configs]) {
    const odd = each as C;
    try {
      provider.shapeOf?.(odd);
      provider.deadlineMs?.(odd);
      provider.problems?.(odd);
      provider.metadata?.({ ...call, config: odd });
    } catch (error) {
      throw new Broken(`with ${textOf(each)}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return Promise.resolve();
}
