/** All functions of sprig. */
import type { TemplateFunction } from "../template_function.ts";
import { DATE_FUNCTIONS } from "./dates.ts";
import { DEFAULT_FUNCTIONS } from "./defaults.ts";
import { DICT_FUNCTIONS } from "./dicts.ts";
import { ENCODING_FUNCTIONS } from "./encodings.ts";
import { JSON_FUNCTIONS } from "./json.ts";
import { LIST_FUNCTIONS } from "./lists.ts";
import { NUMBER_FUNCTIONS } from "./numbers.ts";
import { PATH_FUNCTIONS } from "./paths.ts";
import { RANDOM_FUNCTIONS } from "./random.ts";
import { REGEX_FUNCTIONS } from "./regular_expressions.ts";
import { STRING_FUNCTIONS } from "./strings.ts";
import { URL_FUNCTIONS } from "./urls.ts";
import { VERSION_FUNCTIONS } from "./versions.ts";

export const SPRIG_FUNCTIONS: readonly TemplateFunction[] = Object.freeze([
  ...DATE_FUNCTIONS,
  ...DEFAULT_FUNCTIONS,
  ...DICT_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...PATH_FUNCTIONS,
  ...RANDOM_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...URL_FUNCTIONS,
  ...VERSION_FUNCTIONS,
]);

/**
 * Functions that sprig has and templates here have not: they make keys, certificates and passwords,
 * which no notification needs, or ask a name server. The environment is closed to notifications in
 * Argo Rollouts too.
 */
export const UNAVAILABLE_FUNCTIONS: ReadonlySet<string> = new Set([
  "bcrypt",
  "buildCustomCert",
  "decryptAES",
  "derivePassword",
  "encryptAES",
  "env",
  "expandenv",
  "genCA",
  "genCAWithKey",
  "genPrivateKey",
  "genSelfSignedCert",
  "genSelfSignedCertWithKey",
  "genSignedCert",
  "genSignedCertWithKey",
  "getHostByName",
  "htpasswd",
]);
