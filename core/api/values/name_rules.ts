const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN_LENGTH_MAX = 253;
const LABEL_LENGTH_MAX = 63;

const SUBDOMAIN_RULE = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric " +
  "characters, '-' or '.', and must start and end with an alphanumeric character (e.g. " +
  "'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters " +
  "or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or " +
  "'123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_RULE = "must consist of alphanumeric characters, '-', '_' or '.', and must start " +
  "and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex " +
  "used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE = "a valid label must be an empty string or consist of alphanumeric characters, " +
  "'-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or " +
  "'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Why a text is no DNS-1123 subdomain, the form of most names; undefined when it is one. */
export function subdomainProblem(name: string): string | undefined {
  if (name.length > SUBDOMAIN_LENGTH_MAX) {
    return `must be no more than ${SUBDOMAIN_LENGTH_MAX} characters`;
  }
  return SUBDOMAIN.test(name) ? undefined : SUBDOMAIN_RULE;
}

/** Why a text is no DNS-1123 label: the name of a container, a Service, a namespace. */
export function labelProblem(name: string): string | undefined {
  if (name.length > LABEL_LENGTH_MAX) return `must be no more than ${LABEL_LENGTH_MAX} characters`;
  return LABEL.test(name) ? undefined : LABEL_RULE;
}

/** Why a text is no key of a label or an annotation. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  if (parts.length > 2) {
    return `a valid label key ${QUALIFIED_RULE} with an optional DNS subdomain prefix and '/' ` +
      "(e.g. 'example.com/MyName')";
  }
  const [name = "", prefix] = parts.reverse();
  if (prefix === "") return "prefix part must be non-empty";
  const prefixProblem = prefix === undefined ? undefined : subdomainProblem(prefix);
  if (prefixProblem !== undefined) return `prefix part ${prefixProblem}`;
  if (name === "") return "name part must be non-empty";
  if (name.length > LABEL_LENGTH_MAX) {
    return `name part must be no more than ${LABEL_LENGTH_MAX} bytes`;
  }
  return QUALIFIED.test(name) ? undefined : `name part ${QUALIFIED_RULE}`;
}

/** Why a text is no value of a label. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > LABEL_LENGTH_MAX) return `must be no more than ${LABEL_LENGTH_MAX} bytes`;
  return value === "" || QUALIFIED.test(value) ? undefined : VALUE_RULE;
}
