/** What a template asks of GitHub, one request or two for each part of it. */
import type { Delivery, NotifyCall } from "../../../sdk/notifier.ts";
import type { HttpResponse } from "../../../sdk/ports.ts";
import { type Fields, fieldsOf, isUnset, listOf, textOf } from "../../../sdk/wire/json.ts";
import { answerOf, cut, fieldIn, isTrue, jsonIn, jsonOf, textIn } from "../http.ts";

type Refusal = Exclude<Delivery, { is: "sent" }>;
type Ask = (path: string, body?: unknown, method?: string) => Promise<HttpResponse | Refusal>;
export type Action = (repository: GitHubRepository) => Promise<Delivery>;

const SENT: Delivery = Object.freeze({ is: "sent" });

/** One revision of a repository. */
export class GitHubRepository {
  readonly revision: string;
  readonly #name: string;
  readonly #ask: Ask;

  constructor({ name, revision, ask }: { name: string; revision: string; ask: Ask }) {
    this.revision = revision;
    this.#name = name;
    this.#ask = ask;
  }

  /** Asks for a path below the repository. */
  async ask(path: string, body?: unknown, method?: string): Promise<HttpResponse | Refusal> {
    return await this.#ask(`repos/${this.#name}/${path}`, body, method);
  }

  async tell(path: string, body: unknown, method?: string): Promise<Delivery> {
    const answer = await this.ask(path, body, method);
    return "is" in answer ? answer : SENT;
  }
}

/** In the order in which they are done. */
export function actionsOf(call: NotifyCall): readonly Action[] {
  const { content } = call;
  const parts: readonly (readonly [string, (part: Fields, call: NotifyCall) => Action])[] = [
    ["status", statusOf],
    ["deployment", deploymentOf],
    ["pullRequestComment", commentOf],
    ["checkRun", checkRunOf],
    ["repositoryDispatch", dispatchOf],
  ];
  return parts.flatMap(([name, make]) =>
    isUnset(fieldIn(content, name)) ? [] : [make(fieldsOf(fieldIn(content, name)), call)]
  );
}

/** Fields that are set, by the names that GitHub has for them. */
function fieldsAs(part: Fields, names: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(
    Object.entries(names).flatMap(([own, name]) =>
      textIn(part, own) === "" ? [] : [[name, textIn(part, own)]]
    ),
  );
}

function statusOf(part: Fields, { message }: NotifyCall): Action {
  const status = {
    state: textIn(part, "state"),
    // GitHub takes no more.
    description: message.slice(0, 140),
    ...fieldsAs(part, { label: "context", targetURL: "target_url" }),
  };
  return (repository) => repository.tell(`statuses/${repository.revision}`, status);
}

function deploymentOf(part: Fields, { message }: NotifyCall): Action {
  const isOn = (name: string, otherwise: boolean) =>
    isUnset(fieldIn(part, name)) ? otherwise : isTrue(fieldIn(part, name));
  const { environment = "production" } = fieldsAs(part, { environment: "environment" });
  return async (repository) => {
    const made = await repository.ask("deployments", {
      ref: textIn(part, "reference") || repository.revision,
      environment,
      description: message.slice(0, 140),
      auto_merge: isOn("autoMerge", true),
      transient_environment: isOn("transientEnvironment", false),
      required_contexts: listOf(fieldIn(part, "requiredContexts")),
    });
    if ("is" in made) return made;
    return await repository.tell(`deployments/${Number(answerOf(made)["id"])}/statuses`, {
      state: textIn(part, "state"),
      description: message.slice(0, 140),
      auto_inactive: isOn("autoInactive", true),
      ...fieldsAs(part, {
        environment: "environment",
        environmentURL: "environment_url",
        logURL: "log_url",
      }),
    });
  };
}

/** GitHub takes little more, and the mark comes after it. */
const COMMENT_LENGTH_MAX = 65_000;

/** On every pull request of the revision; a comment with the same tag is written anew. */
function commentOf(part: Fields, { message }: NotifyCall): Action {
  const tag = textIn(part, "commentTag");
  const mark = tag === "" ? "" : `<!-- ${tag} -->`;
  const content = cut(textIn(part, "content") || message, COMMENT_LENGTH_MAX);
  const body = mark === "" ? content : `${content}\n${mark}`;
  return async (repository) => {
    const found = await repository.ask(`commits/${repository.revision}/pulls`);
    if ("is" in found) return found;
    for (const pull of listOf(jsonOf(found.body))) {
      const number = Number(fieldsOf(pull)["number"]);
      const former = mark === "" ? undefined : await commentWith(mark, number, repository);
      if (former !== undefined && typeof former !== "number") return former;
      const delivery = former === undefined
        ? await repository.tell(`issues/${number}/comments`, { body })
        : await repository.tell(`issues/comments/${former}`, { body }, "PATCH");
      if (delivery.is !== "sent") return delivery;
    }
    return SENT;
  };
}

async function commentWith(
  mark: string,
  number: number,
  repository: GitHubRepository,
): Promise<number | undefined | Refusal> {
  const found = await repository.ask(`issues/${number}/comments?per_page=100`);
  if ("is" in found) return found;
  const comment = listOf(jsonOf(found.body)).map(fieldsOf)
    .find(({ body }) => textOf(body).includes(mark));
  return comment === undefined ? undefined : Number(comment["id"]);
}

function checkRunOf(part: Fields, { id, message }: NotifyCall): Action {
  const output = fieldsOf(fieldIn(part, "output"));
  const shown = {
    title: textIn(output, "title") || message,
    summary: textIn(output, "summary") || message,
    ...fieldsAs(output, { text: "text" }),
  };
  return (repository) =>
    repository.tell("check-runs", {
      name: textIn(part, "name") || "Argo Rollouts",
      head_sha: repository.revision,
      external_id: id,
      output: shown,
      ...fieldsAs(part, {
        status: "status",
        conclusion: "conclusion",
        detailsURL: "details_url",
        startedAt: "started_at",
        completedAt: "completed_at",
      }),
    });
}

function dispatchOf(part: Fields): Action {
  const payload = jsonIn(part, "clientPayload");
  return (repository) =>
    repository.tell("dispatches", {
      event_type: textIn(part, "eventType"),
      ...(payload === undefined ? {} : { client_payload: payload }),
    });
}
