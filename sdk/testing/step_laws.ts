/** The laws of step plugins. Each is a sentence, and a check that throws `Broken`. */
import { checkingKit, type Expected } from "../fields/checking_kit.ts";
import { valueProblems } from "../fields/type_problems.ts";
import { unknownFieldsOf } from "../fields/unknown_fields.ts";
import type { StepAnswer } from "../step_plugin.ts";
import { fieldsOf } from "../wire/json.ts";
import type { StepService, StepSubject } from "./step_subject.ts";
import { type StepOutcome, StepTrial } from "./step_trial.ts";
import { Broken, must } from "./trial.ts";

/** A law, and the subject that is judged by it. */
export type StepCheck = <Config>(subject: StepSubject<Config>) => Promise<void>;

export const STEP_LAWS: Readonly<Record<string, StepCheck>> = Object.freeze({
  "once what it waits for is the case it is successful": succeeds,
  "what goes in stays as it is, and what comes out is small plain data": isPlainData,
  "the same call twice does its work once": isIdempotent,
  "without an answer it is not successful": needsAnswer,
  "an answer that says failure makes it no success": tellsFailure,
  "given up while it waits, it ends and asks for nothing more": obeysSignal,
  "aborted it leaves nothing that it began": undoes,
  "aborted before any answer was heard it leaves nothing either": undoesUnheard,
  "ended early, once or twice, it is done when it returns": terminates,
  "nothing that it says holds a secret": keepsSecrets,
  "its configuration is what its table says": describesConfig,
  "whatever stands in a configuration, its description does not throw": toleratesAnything,
});

const PHASES: readonly unknown[] = ["Running", "Successful", "Failed"];
const STATUS_MAX_BYTES = 16 * 1024;

function answerOf(outcome: StepOutcome): StepAnswer {
  if ("answer" in outcome) return outcome.answer;
  throw new Broken(`there is no answer: ${outcome.error}`);
}

async function succeeds<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject);
  const { phase } = answerOf(await trial.toEnd());
  must(phase === "Successful", `it ends as ${phase}`);
}

async function isPlainData<C>(subject: StepSubject<C>): Promise<void> {
  // What is handed in is frozen: who writes to it throws.
  const answer = answerOf(await new StepTrial(subject).run());
  must(PHASES.includes(answer.phase), `${answer.phase} is no phase`);
  must(isPlain(answer), `the answer is no plain data: ${textOf(answer)}`);
  const { length } = new TextEncoder().encode(textOf(answer.status));
  must(length <= STATUS_MAX_BYTES, `its status has ${length} bytes: ${STATUS_MAX_BYTES} at most`);
}

function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return ["string", "boolean", "undefined"].includes(typeof value);
  if (value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isData = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isData && Object.values(value).every(isPlain);
}

async function isIdempotent<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject);
  const first = answerOf(await trial.run());
  const once = trial.service.begun();
  const second = answerOf(await trial.run());
  const twice = trial.service.begun();
  must(textOf(once) === textOf(twice), `called once it began ${once}, called again ${twice}`);
  must(textOf(first) === textOf(second), `${textOf(first)}, and then ${textOf(second)}`);
}

async function needsAnswer<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject, () => {
    throw new Error("Cannot reach the service: connection refused");
  });
  mustNotSucceed("without an answer", await trial.run());
}

const FAILURES: readonly number[] = [400, 401, 403, 404, 422, 429, 500, 502, 503];
const NONSENSE: readonly string[] = ["", "<html>busy</html>", "null", "{}", "[]", "0", '"text"'];

async function tellsFailure<C>(subject: StepSubject<C>): Promise<void> {
  for (const status of FAILURES) {
    for (const body of NONSENSE) {
      const said = await new StepTrial(subject, () => ({ status, body })).run();
      mustNotSucceed(`with status ${status}`, said);
    }
    const healthy = subject.service();
    healthy.finish();
    const failing: StepService["answer"] = (request) => ({ ...healthy.answer(request), status });
    mustNotSucceed(`with status ${status}`, await new StepTrial(subject, failing).run());
  }
}

function mustNotSucceed(when: string, outcome: StepOutcome): void {
  if ("answer" in outcome) {
    must(outcome.answer.phase !== "Successful", `${when} it says Successful`);
    return;
  }
  const isSentence = outcome.error.trim() !== "" && !/\n\s+at /.test(outcome.error);
  must(isSentence, `${when} its error is no sentence: "${outcome.error}"`);
}

/** So often everything that can go on by itself goes on. */
const TURNS = 10_000;

async function obeysSignal<C>(subject: StepSubject<C>): Promise<void> {
  const healthy = new StepTrial(subject);
  await healthy.run();
  for (let number = 1; number <= healthy.requests.length; number++) {
    const trial = new StepTrial(subject);
    const reached = trial.hang(number);
    let outcome: StepOutcome | undefined;
    const ended = trial.run().then((said) => {
      outcome = said;
    });
    await Promise.race([reached, ended]);
    const asked = trial.requests.length;
    trial.ending.abort(new Error("nobody waits any more"));
    for (let turn = 0; turn < TURNS && outcome === undefined; turn++) await Promise.resolve();
    if (outcome === undefined) throw new Broken(`given up at request ${number}, it does not end`);
    must("error" in outcome, `given up at request ${number}, it answers ${textOf(outcome)}`);
    must(trial.requests.length === asked, `given up at request ${number}, it asks for more`);
  }
}

async function undoes<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject);
  const { status } = answerOf(await trial.run());
  for (const time of ["once", "twice"]) {
    const { phase } = answerOf(await trial.end("Abort", status));
    must(phase === "Successful", `aborted ${time} it says ${phase}`);
    const left = trial.service.begun();
    must(left.length === 0, `aborted ${time} it leaves ${left}`);
  }
}

async function undoesUnheard<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject);
  // The process was killed: the answer is lost, and its status with it.
  await trial.run();
  answerOf(await trial.end("Abort"));
  const left = trial.service.begun();
  must(left.length === 0, `it leaves ${left}`);
}

async function terminates<C>(subject: StepSubject<C>): Promise<void> {
  const trial = new StepTrial(subject);
  const { status } = answerOf(await trial.run());
  for (const time of ["once", "twice"]) {
    const { phase } = answerOf(await trial.end("Terminate", status));
    must(phase === "Successful", `ended ${time} it says ${phase}`);
  }
}

async function keepsSecrets<C>(subject: StepSubject<C>): Promise<void> {
  const { secrets = [] } = subject;
  const forms = secrets.flatMap((secret) => [secret, base64(secret), encodeURIComponent(secret)]);
  // A server may show what it was sent, as some do in their errors.
  const repeating: StepService["answer"] = (request) => ({ status: 500, body: textOf(request) });
  for (const answer of [undefined, repeating]) {
    const trial = new StepTrial(subject, answer);
    await trial.run();
    await trial.end("Terminate");
    await trial.end("Abort");
    const struck = trial.said.map((said) =>
      trial.concealed.filter((text) => text !== "")
        .reduce((rest, text) => rest.replaceAll(text, "*****"), said)
    );
    const open = struck.find((said) => forms.some((form) => said.includes(form)));
    must(open === undefined, `a secret stands in: ${open}`);
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function describesConfig<C>({ plugin, config }: StepSubject<C>): Promise<void> {
  if (plugin.config === undefined) return Promise.resolve();
  const fields = plugin.config(checkingKit()) as Record<string, Expected>;
  const expected: Expected = { type: "object", isRequired: true, fields: () => fields };
  const problems = valueProblems(config, expected);
  must(problems.length === 0, `the subject's configuration has problems: ${textOf(problems)}`);
  const unknown = unknownFieldsOf(fieldsOf(config), expected);
  must(unknown.length === 0, `its table does not know ${textOf(unknown)}`);
  return Promise.resolve();
}

const ODD: readonly unknown[] = [null, "", "x", 7, -1, true, [], [null], [{}], {}, { name: 1 }];

function toleratesAnything<C>({ plugin, config }: StepSubject<C>): Promise<void> {
  const configs = Object.keys(fieldsOf(config)).flatMap((name) =>
    ODD.map((value) => ({ ...fieldsOf(config), [name]: value }))
  );
  for (const each of [{}, ...configs]) {
    try {
      plugin.problems?.(each as C);
    } catch (error) {
      throw new Broken(`with ${textOf(each)}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return Promise.resolve();
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
