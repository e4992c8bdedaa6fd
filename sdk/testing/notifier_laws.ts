/** The laws of notifiers. Each is a sentence, and a check that throws `Broken`. */
import type { HttpResponse } from "../ports.ts";
import type { NotifierSubject, ServiceAnswer } from "./notifier_subject.ts";
import { NotifierTrial, NOW_MS, type Outcome } from "./notifier_trial.ts";
import { Broken, must } from "./trial.ts";

/** A law, and the subject that is judged by it. */
export type NotifierCheck = (subject: NotifierSubject) => Promise<void>;

export const NOTIFIER_CHECKS: Readonly<Record<string, NotifierCheck>> = Object.freeze({
  "a message that the service takes is sent, with its text": sends,
  "the same message twice is the same requests": isDeterministic,
  "what goes in stays as it is, and what comes out is plain data": isPlainData,
  "no answer is an error, and never a delivery": tellsNoAnswer,
  "an answer that says failure is an error, and never a delivery": tellsFailure,
  "a recipient that the service does not know is refused, and no error": refuses,
  "a service that asks for time has it": comesBack,
  "it tries once, and leaves further tries to the core": triesOnce,
  "given up while it waits, it ends and asks for nothing more": obeysSignal,
  "nothing that it says holds a secret": keepsSecrets,
  "whatever stands in a configuration, what is wrong with it is told in sentences": describes,
  "whatever stands in a template, it ends with a delivery or an error": toleratesContent,
});

function textOf(outcome: Outcome): string {
  return JSON.stringify(outcome);
}

async function sends(subject: NotifierSubject): Promise<void> {
  const trial = new NotifierTrial(subject);
  const outcome = await trial.send();
  must(outcome.is === "sent", `it is not sent: ${textOf(outcome)}`);
  must(trial.requests.length > 0, "nothing was asked of the service");
  const { message } = trial.call;
  const shown = subject.content === undefined ? message : "";
  const isShown = trial.requests.some((request) => saidIn(request.body ?? "").includes(shown));
  must(isShown, `no request holds the message ${JSON.stringify(message)}`);
}

/** A body's texts, out of JSON, a form or as they stand. */
function saidIn(body: string): string {
  try {
    const texts: string[] = [];
    JSON.parse(body, (_, value) => {
      if (typeof value === "string") texts.push(value, fromBase64(value));
      return value;
    });
    return texts.join("\n");
  } catch {
    return `${body}\n${[...new URLSearchParams(body).values()].join("\n")}`;
  }
}

function fromBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(text));
  } catch {
    return "";
  }
}

async function isDeterministic(subject: NotifierSubject): Promise<void> {
  const trials = [new NotifierTrial(subject), new NotifierTrial(subject)];
  for (const trial of trials) await trial.send();
  const [first, second] = trials.map(({ requests }) => JSON.stringify(requests));
  must(first === second, `${first}, and then ${second}`);
}

async function isPlainData(subject: NotifierSubject): Promise<void> {
  // What is handed in is frozen: who writes to it throws.
  const outcome = await new NotifierTrial(subject).send();
  must(outcome.is === "sent", `with data that may not be changed: ${textOf(outcome)}`);
  const again = JSON.parse(JSON.stringify(outcome)) as unknown;
  must(JSON.stringify(again) === textOf(outcome), "what comes out is no plain data");
}

function mustFail(when: string, outcome: Outcome): void {
  must(outcome.is === "failed", `${when} it says ${textOf(outcome)}, which is no error`);
  if (outcome.is !== "failed") return;
  const isSentence = outcome.error.trim() !== "" && !/\n\s+at /.test(outcome.error);
  must(isSentence, `${when} its error is no sentence: "${outcome.error}"`);
}

async function tellsNoAnswer(subject: NotifierSubject): Promise<void> {
  const trial = new NotifierTrial(subject);
  trial.become(() => {
    throw new Error("Cannot reach the service: connection refused");
  });
  mustFail("without an answer", await trial.send());
}

async function tellsFailure(subject: NotifierSubject): Promise<void> {
  for (const status of [500, 502, 503, 401]) {
    const trial = new NotifierTrial(subject, () => ({ status, body: "<html>no</html>" }));
    const outcome = await trial.send();
    mustFail(`with status ${status}`, outcome);
  }
}

async function refuses(subject: NotifierSubject): Promise<void> {
  const { refusal, answer = () => ({}) } = subject;
  if (refusal === undefined) return;
  const trial = new NotifierTrial(
    subject,
    (request) => ({ ...answer(request), ...refusal(request) }),
  );
  const outcome = await trial.send();
  must(outcome.is === "refused", `refused for good, it says ${textOf(outcome)}`);
  must(trial.said.join("").trim() !== "", "it does not say why");
}

async function comesBack(subject: NotifierSubject): Promise<void> {
  const busy = (): Partial<HttpResponse> => ({
    status: 429,
    headers: { "retry-after": "7" },
    body: "busy",
  });
  const outcome = await new NotifierTrial(subject, busy).send();
  must(outcome.is === "later", `asked for 7 seconds, it says ${textOf(outcome)}`);
  if (outcome.is !== "later") return;
  must(outcome.retryAtMs === NOW_MS + 7_000, `it comes back at ${outcome.retryAtMs}`);
}

async function triesOnce(subject: NotifierSubject): Promise<void> {
  const trial = new NotifierTrial(subject, () => ({ status: 500 }));
  await trial.send();
  const urls = trial.requests.map(({ url }) => url);
  must(new Set(urls).size === urls.length, `it asked again: ${urls.join(", ")}`);
}

async function obeysSignal(subject: NotifierSubject): Promise<void> {
  const complete = new NotifierTrial(subject);
  await complete.send();
  for (let number = 1; number <= complete.requests.length; number++) {
    const trial = new NotifierTrial(subject);
    const reached = trial.hang(number);
    const sending = trial.send();
    await reached;
    trial.ending.abort(new Error("nobody waits any more"));
    const outcome = await sending;
    must(outcome.is === "failed", `given up, it says ${textOf(outcome)}`);
    must(trial.requests.length === number, "given up, it goes on asking");
  }
}

async function keepsSecrets(subject: NotifierSubject): Promise<void> {
  const { secrets = [] } = subject;
  const answer: ServiceAnswer = subject.answer ?? (() => ({}));
  for (const status of [200, 400, 500]) {
    // A service that repeats what it was sent.
    const trial = new NotifierTrial(subject, (request) => {
      const body = status === 200 ? answer(request).body ?? "" : JSON.stringify(request);
      return { ...answer(request), status, body };
    });
    await trial.send();
    for (const secret of secrets) {
      const made = [secret, encodeURIComponent(secret), base64(secret)];
      for (const text of made.filter((each) => each !== "")) {
        must(!trial.told.includes(text), `with status ${status} it tells a secret`);
      }
    }
    // Name and password may stand in one text.
    for (const word of trial.told.split(/[^\w+/=]+/).filter(({ length }) => length >= 12)) {
      const inside = fromBase64(word);
      must(!secrets.some((secret) => inside.includes(secret)), "it tells a secret in base64");
    }
  }
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

const ODD: readonly unknown[] = [null, 7, "x", [], {}, [{ a: null }], { b: [1] }, "http://"];

function describes({ notifier, config }: NotifierSubject): Promise<void> {
  const fields = Object.keys(config);
  const configs = [{}, ...fields.flatMap((name) => ODD.map((odd) => ({ ...config, [name]: odd })))];
  for (const each of configs) {
    const problems = notifier.problems?.(each) ?? [];
    must(problems.every((text) => text.trim() !== ""), "a problem is no sentence");
    must((notifier.deadlineMs?.(each) ?? 1) > 0, "a deadline is no time");
  }
  must((notifier.problems?.(config) ?? []).length === 0, "what sends is called wrong");
  return Promise.resolve();
}

async function toleratesContent(subject: NotifierSubject): Promise<void> {
  const { content = {} } = subject;
  for (const name of Object.keys(content)) {
    for (const odd of ODD) {
      const trial = new NotifierTrial({ ...subject, content: { ...content, [name]: odd } });
      const outcome = await trial.send();
      if (outcome.is !== "failed") continue;
      const isSentence = !/is not a function|undefined|Cannot read prop/.test(outcome.error);
      if (!isSentence) throw new Broken(`with ${name}: ${JSON.stringify(odd)}: ${outcome.error}`);
    }
  }
}
