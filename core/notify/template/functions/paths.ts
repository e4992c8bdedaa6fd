/** Functions for paths with slashes. */
import { define, type TemplateFunction } from "../template_function.ts";
import type { Value } from "../values.ts";

/** The shortest path that means the same. */
function clean(path: string): string {
  const isRooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isRooted) parts.push(part);
  }
  const text = parts.join("/");
  return isRooted ? `/${text}` : text === "" ? "." : text;
}

function base(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return end === 0 ? "/" : path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

function directory(path: string): string {
  return clean(path.slice(0, path.lastIndexOf("/") + 1));
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot);
}

/** Paths of the machine are the same: the controller runs where they have slashes. */
function both(name: string, call: (path: string) => Value): TemplateFunction[] {
  return [name, `os${name[0]?.toUpperCase()}${name.slice(1)}`].map((each) =>
    define(each, "string", ([path]) => call(path as string))
  );
}

export const PATH_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...both("base", base),
  ...both("clean", clean),
  ...both("dir", directory),
  ...both("ext", extension),
  ...both("isAbs", (path) => path.startsWith("/")),
]);
