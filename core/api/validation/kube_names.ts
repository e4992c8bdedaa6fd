/** What Kubernetes takes for names, labels and ports, with its own words for what is wrong. */

const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const QUALIFIED_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${QUALIFIED_NAME})?`;
const ENVIRONMENT_NAME = "[-._a-zA-Z][-._a-zA-Z0-9]*";
const LONGEST_LABEL = 63;
const LONGEST_SUBDOMAIN = 253;
const LONGEST_PORT_NAME = 15;

/** What is wrong with a DNS label (`my-name`); empty when nothing is. */
export function dnsLabelProblems(name: string): string[] {
  return [
    ...tooLong(name, LONGEST_LABEL),
    ...mismatch(name, {
      pattern: DNS_LABEL,
      text: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or " +
        "'-', and must start and end with an alphanumeric character",
      examples: ["my-name", "123-abc"],
    }),
  ];
}

/** What is wrong with a DNS name of several labels (`example.com`). */
export function dnsSubdomainProblems(name: string): string[] {
  return [
    ...tooLong(name, LONGEST_SUBDOMAIN),
    ...mismatch(name, {
      pattern: DNS_SUBDOMAIN,
      text: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, " +
        "'-' or '.', and must start and end with an alphanumeric character",
      examples: ["example.com"],
    }),
  ];
}

/** What is wrong with the key of a label or annotation (`example.com/my.name`). */
export function labelKeyProblems(key: string): string[] {
  const parts = key.split("/");
  const shape = {
    pattern: QUALIFIED_NAME,
    text: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
      "with an alphanumeric character",
    examples: ["MyName", "my.name", "123-abc"],
  };
  if (parts.length > 2) {
    const format = explain({ ...shape, text: `a qualified name ${shape.text}` });
    return [`${format} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  const name = parts[parts.length - 1] ?? "";
  const [prefix] = parts;
  if (parts.length === 2 && prefix !== undefined) {
    const found = prefix === "" ? ["must be non-empty"] : dnsSubdomainProblems(prefix);
    problems.push(...found.map((problem) => `prefix part ${problem}`));
  }
  const found = name === "" ? ["must be non-empty"] : tooLong(name, LONGEST_LABEL);
  return [...problems, ...[...found, ...mismatch(name, shape)].map((each) => `name part ${each}`)];
}

/** What is wrong with the value of a label. */
export function labelValueProblems(value: string): string[] {
  return [
    ...tooLong(value, LONGEST_LABEL),
    ...mismatch(value, {
      pattern: LABEL_VALUE,
      text: "a valid label must be an empty string or consist of alphanumeric characters, '-', " +
        "'_' or '.', and must start and end with an alphanumeric character",
      examples: ["MyValue", "my_value", "12345"],
    }),
  ];
}

/** What is wrong with the name of an environment variable. */
export function environmentNameProblems(name: string): string[] {
  const problems = mismatch(name, {
    pattern: ENVIRONMENT_NAME,
    text: "a valid environment variable name must consist of alphabetic characters, digits, '_', " +
      "'-', or '.', and must not start with a digit",
    examples: ["my.env-name", "MY_ENV.NAME", "MyEnvName1"],
  });
  if (name === "." || name === "..") problems.push(`must not be '${name}'`);
  else if (name.startsWith("..")) problems.push("must not start with '..'");
  return problems;
}

/** What is wrong with the name of a port. */
export function portNameProblems(name: string): string[] {
  const problems = tooLong(name, LONGEST_PORT_NAME);
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (/^-|-$/.test(name)) problems.push("must not begin or end with a hyphen");
  return problems;
}

function tooLong(name: string, most: number): string[] {
  return name.length > most ? [`must be no more than ${most} characters`] : [];
}

interface Format {
  /** A regular expression that the whole text has to match. */
  pattern: string;
  text: string;
  examples: readonly string[];
}

function mismatch(name: string, format: Format): string[] {
  return new RegExp(`^${format.pattern}$`).test(name) ? [] : [explain(format)];
}

function explain({ pattern, text, examples }: Format): string {
  // Kubernetes writes two blanks before the "or".
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${text} (e.g. ${list}regex used for validation is '${pattern}')`;
}
