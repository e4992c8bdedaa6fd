import assert from "node:assert/strict";
import { GoTime } from "../../../../core/analysis/condition/go_time.ts";
import {
  GoFunction,
  parseTemplate,
  type RenderOutcome,
} from "../../../../core/notify/template/mod.ts";

const PORTS = { nowMs: () => 0, random: () => 0.5 };
const NAME = "notification-configmap template.done message";

function render(text: string, data: unknown = {}): RenderOutcome {
  const parsed = parseTemplate({ name: NAME, text });
  if (parsed.error !== undefined) return parsed;
  return parsed.template.render(data, { ports: PORTS, wholeNumbers: "int64" });
}

Deno.test("an error of a template says where it is, and what is wrong, in one line", () => {
  const rows: [string, string, number, number][] = [
    ["a\nb {{nope .x}}", 'function "nope" is not defined', 2, 5],
    ["{{if .a}}", "an {{end}} is missing", 1, 10],
    ['é😀{{template "gone"}}', 'template "gone" is not defined', 1, 3],
    ["\n\n  {{ .a.b }}", ".b is asked of nil", 3, 6],
    ["{{index .list 7}}", "index: index 7 is out of range, the length is 1", 1, 3],
  ];
  for (const [text, reason, line, column] of rows) {
    const { error } = render(text, { a: null, list: [1] });
    assert.deepEqual(error, {
      message: `${NAME}:${line}:${column}: ${reason}`,
      reason,
      line,
      column,
    });
  }
});

Deno.test("what a template takes too much of ends it, soon", () => {
  const loop = "{{range 1000}}";
  const rows: [string, string][] = [
    [`${loop}${loop}${loop}{{end}}{{end}}{{end}}`, "the template takes too many steps"],
    [
      `${loop}${loop}${"x".repeat(100)}{{end}}{{end}}`,
      "the output is longer than 1000000 characters",
    ],
    [
      '{{printf "%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d%999999d" 1 1 1 1 1 1 1 1 1}}',
      "printf: the template takes too much memory",
    ],
    [
      '{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}',
      "templates call one another more than 200 deep",
    ],
    ["{{if 1}}".repeat(200), "actions are nested more than 150 deep"],
    ["{{if 1}}" + "{{else if 1}}".repeat(200) + "{{end}}", "actions are nested more than 150 deep"],
    [`{{${"(".repeat(200)}1${")".repeat(200)}}}`, "parentheses are nested more than 100 deep"],
    ["x".repeat(50_001), "the template is longer than 50000 characters"],
  ];
  for (const [text, reason] of rows) assert.equal(render(text).error?.reason, reason);
});

Deno.test("data stay as they are, and a rendering sees no prototype", () => {
  assert.deepEqual(render("{{.constructor}} {{.a.toString}}", { a: {} }), {
    text: "<no value> <no value>",
  });
});

Deno.test("a function of the data is called with what its signature names", () => {
  const twice = new GoFunction({
    name: "twice",
    signature: "int",
    result: "int",
    call: ([value]) => (value as bigint) * 2n,
  });
  assert.deepEqual(render("{{call .twice .three}}", { twice, three: 3 }), { text: "6" });
  assert.match(render("{{.twice}}", { twice }).error?.reason ?? "", /cannot be printed/);
  assert.deepEqual(render("{{.}}", { twice }), { text: "map[twice:func]" });
  assert.match(render('{{call .twice "a"}}', { twice }).error?.reason ?? "", /int is expected/);
  assert.match(render("{{call .twice 1 2}}", { twice }).error?.reason ?? "", /takes 1 arguments/);
});

/** What sprig 3.3 has for texts, as Argo Rollouts hands it to templates. */
const SPRIG = `
  abbrev abbrevboth add add1 add1f addf adler32sum ago all any append atoi b32dec b32enc
  b64dec b64enc base bcrypt biggest buildCustomCert camelcase cat ceil chunk clean coalesce
  compact concat contains date dateInZone dateModify date_in_zone date_modify decryptAES
  deepCopy deepEqual default derivePassword dict dig dir div divf duration durationRound empty
  encryptAES ext fail first float64 floor fromJson genCA genCAWithKey genPrivateKey
  genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey get
  getHostByName has hasKey hasPrefix hasSuffix hello htmlDate htmlDateInZone htpasswd indent
  initial initials int int64 isAbs join kebabcase keys kindIs kindOf last list lower max maxf
  merge mergeOverwrite min minf mod mul mulf mustAppend mustChunk mustCompact mustDateModify
  mustDeepCopy mustFirst mustFromJson mustHas mustInitial mustLast mustMerge
  mustMergeOverwrite mustPrepend mustPush mustRegexFind mustRegexFindAll mustRegexMatch
  mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit mustRest mustReverse mustSlice
  mustToDate mustToJson mustToPrettyJson mustToRawJson mustUniq mustWithout must_date_modify
  nindent nospace now omit osBase osClean osDir osExt osIsAbs pick pluck plural prepend push
  quote randAlpha randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll
  regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit repeat replace
  rest reverse round semver semverCompare seq set sha1sum sha256sum sha512sum shuffle slice
  snakecase sortAlpha split splitList splitn squote sub subf substr swapcase ternary title
  toDate toDecimal toJson toPrettyJson toRawJson toString toStrings trim trimAll trimPrefix
  trimSuffix trimall trunc tuple typeIs typeIsLike typeOf uniq unixEpoch unset until untilStep
  untitle upper urlJoin urlParse uuidv4 values without wrap wrapWith
`.trim().split(/\s+/);

Deno.test("every function of sprig can be called, or is told when the template is read", () => {
  const unavailable = SPRIG.filter((name) => {
    const { error } = parseTemplate({ name: NAME, text: `{{${name}}}` });
    if (error === undefined) return false;
    assert.equal(error.reason, `function "${name}" is not available in templates`);
    return true;
  });
  assert.deepEqual(unavailable, [
    "bcrypt",
    "buildCustomCert",
    "decryptAES",
    "derivePassword",
    "encryptAES",
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
});

Deno.test("texts of other scripts keep their characters", () => {
  const rows: [string, string][] = [
    ['{{initials "ünï cödé"}}', "üc"],
    ['{{nospace "日本 語"}}', "日本語"],
    ['{{wrapWith 5 "|" "wörld"}}', "wörld"],
    ['{{keys (dict "b" 1 "a" 2)}} {{values (dict "b" 1 "a" 2)}}', "[a b] [2 1]"],
  ];
  for (const [text, wanted] of rows) assert.deepEqual(render(text), { text: wanted });
});

Deno.test("time and chance come from the ports", () => {
  const minuteMs = 60_000;
  const ports = { nowMs: () => 90 * minuteMs, random: () => 0.999 };
  const rows: [string, string][] = [
    ['{{now.Format "15:04"}}', "01:30"],
    ['{{ago (toDate "2006" "1970")}}', "1h30m0s"],
    ['{{date "2006-01-02" "no date"}}', "1970-01-01"],
    ["{{durationRound .started}}", "1h"],
    ["{{randNumeric 3}} {{randAlpha 2}} {{randInt 1 5}}", "999 zz 4"],
    ["{{uuidv4}}", "ffffffff-ffff-4fff-bfff-ffffffffffff"],
    ['{{shuffle "abc"}}', "abc"],
    ["{{randBytes 2}}", "//8="],
  ];
  for (const [text, wanted] of rows) {
    const parsed = parseTemplate({ name: NAME, text });
    assert.ok(parsed.error === undefined);
    const outcome = parsed.template.render({ started: new GoTime(0n) }, {
      ports,
      wholeNumbers: "int64",
    });
    assert.deepEqual(outcome, { text: wanted });
  }
});
