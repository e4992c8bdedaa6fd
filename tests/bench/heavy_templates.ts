/** Templates that make the most of the least: what each kind of work costs when it is repeated. */

/** What they are rendered with. */
export const DATA = {
  rollout: {
    metadata: {
      name: "web",
      annotations: Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`key-${index}`, `value ${index}`]),
      ),
    },
    list: Array.from({ length: 1_000 }, (_, index) => `word number ${index}`),
    long: Array.from({ length: 100 }, (_, index) => `${"a".repeat(3_000)}${index}`),
    text: "a".repeat(30_000),
    wide: "ä😀".repeat(10_000),
  },
};

/** As often as it is allowed. */
const REPEATED = [
  ...[
    ".",
    "$x",
    "$.rollout.metadata.name",
    "len $.rollout.list",
    "until 50",
    "seq 1 50",
    "list . .",
  ],
  ...["dict 1 2 3 4", "set $d (toString .) .", "first $.rollout.list", "has . $.rollout.list"],
  ...["uniq $.rollout.list", "without $.rollout.list .", "sortAlpha $.rollout.list"],
  ...[
    "sortAlpha $.rollout.long",
    "uniq $.rollout.long",
    "has (last $.rollout.long) $.rollout.long",
  ],
  ...["reverse $.rollout.list", "concat $.rollout.list $.rollout.list", "chunk 2 $.rollout.list"],
  ...["join $.rollout.list $.rollout.list", 'join "," $.rollout.list', "toStrings $.rollout.list"],
  ...["keys $.rollout.metadata.annotations", "values $.rollout.metadata.annotations"],
  ...["deepCopy $.rollout", "merge (dict) $.rollout", "toJson $.rollout", "toPrettyJson $.rollout"],
  ...["print $.rollout", 'printf "%v %d %x %q" $.rollout . "é" .', 'printf "%+#v" $.rollout'],
  ...["fromJson (toJson $.rollout.list)", 'fromJson "[1,2,3]"', "cat $.rollout.list", "quote ."],
  ...[
    "upper $.rollout.text",
    "upper $.rollout.wide",
    "title $.rollout.text",
    "trim $.rollout.text",
  ],
  ...["nospace $.rollout.text", "swapcase $.rollout.wide", "initials $.rollout.text"],
  ...["snakecase $.rollout.text", "camelcase $.rollout.wide", "kebabcase $.rollout.wide"],
  ...[
    'replace "a" "bb" $.rollout.text',
    'replace "" "b" $.rollout.wide',
    "indent 5 $.rollout.text",
  ],
  ...['contains "b" $.rollout.text', 'splitList "" $.rollout.wide', 'split "a" $.rollout.text'],
  ...["trunc 5 $.rollout.wide", "substr 1 5 $.rollout.wide", "abbrev 9 $.rollout.wide"],
  ...["wrap 20 $.rollout.text", 'wrapWith 3 "," $.rollout.text', "len $.rollout.wide"],
  ...["index $.rollout.wide 5", "eq $.rollout.text (print $.rollout.text)", "lt $.rollout.wide .s"],
  ...["sha1sum $.rollout.text", "sha256sum $.rollout.text", "sha512sum $.rollout.text"],
  ...["adler32sum $.rollout.text", "b64enc $.rollout.wide", "b32enc $.rollout.text"],
  ...["b64dec $.rollout.text", "b32dec $.rollout.text", 'sha512sum "a"', 'sha1sum "a"'],
  ...['regexMatch "(a+)+b" $.rollout.text', 'regexFindAll "a" $.rollout.text -1'],
  ...['regexReplaceAll "a|b" $.rollout.text "$0$0"', 'regexSplit "" $.rollout.wide -1'],
  ...['regexMatch (printf "a%d" .) "a"', 'regexMatch (printf "[a-z]{1,30}%d" .) "aaaa"'],
  ...["now", 'now | date "2006-01-02"', 'dateInZone "2006-01-02 15:04 MST" now "Europe/Zurich"'],
  ...['dateModify "1h" now', 'toDate "2006-01-02" "2026-11-29"', "now.Year", "ago now"],
  ...["(now.In nil)", "durationRound 1000", 'duration "95"', "htmlDate now", "unixEpoch now"],
  ...["randAlphaNum 50", "shuffle $.rollout.text", "uuidv4", "randInt 1 5", "randBytes 20"],
  ...[
    'semver "1.2.3-a.b"',
    'semverCompare "^1.2 || >3 <4" "1.5.0"',
    "add . 1 2 3",
    "mulf . 1.1 2.2",
  ],
  ...["divf 1 3", "round 1.2345 2", "floor 1.5", "int64 .", 'atoi "12"', 'toDecimal "777"'],
  ...[
    'urlParse "http://u:p@h:1/p?q#f"',
    'urlJoin (urlParse "http://h/p")',
    "urlquery $.rollout.wide",
  ],
  ...["html $.rollout.text", "js $.rollout.wide", 'clean "/a/../b"', "base $.rollout.text"],
  ...[
    "ext $.rollout.text",
    "dir $.rollout.text",
    "typeOf $.rollout",
    "kindOf .",
    "ternary 1 2 true",
  ],
  ...["deepEqual $.rollout $.rollout", "default 1 .", "coalesce nil .", 'dig "a" "b" 1 $.rollout'],
  ...['pick $.rollout "text"', 'omit $.rollout "text"', 'pluck "text" $.rollout $.rollout'],
  ...['plural "one" "many" 5', "tuple 1 2 3", "slice $.rollout.list 5", "compact $.rollout.list"],
];

const REGEXES = [
  ...[
    "(a{1,300})(b{1,300})",
    "(a|aa)+$",
    "^(a+)+b$",
    "(x+x+)+y",
    "[a-z]{1,900}b",
    "(?i)\\pL{1,9}b",
  ],
  ...[`${"(a*)*".repeat(50)}$`, "a", "", "(a)(a)?(a)?", ".*.*.*=.*"],
];

/** Each of the second kind in a text of blanks, slashes and letters. */
const OF_LENGTH = [
  ...["trim", "nospace", "base", "dir", "ext", "clean", "upper", "title", "untitle", "snakecase"],
  ...["camelcase", "kebabcase", "swapcase", "initials", "int64", "float64", "atoi", "toDecimal"],
  ...["quote", "squote", "html", "js", "urlquery", "b64enc", "b32enc", "b64dec", "b32dec"],
  ...[
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "adler32sum",
    "fromJson",
    "toJson",
    "urlParse",
    "semver",
  ],
  ...["duration", "len", "shuffle", "wrap 7", 'wrapWith 7 "-"', "indent 3", "nindent 3", "trunc 9"],
  ...[
    'trimAll "a "',
    'splitList "a"',
    'splitList " "',
    'split ""',
    'replace "a" "b"',
    "substr 1 9",
  ],
  ...[
    "abbrev 90000",
    "abbrevboth 9 90000",
    'printf "%q"',
    'printf "%x"',
    'printf "% #x"',
    'toDate "2006"',
  ],
  ...[
    'dateModify "1h"',
    'contains "b"',
    'regexFind "a+b"',
    'mustRegexReplaceAll "a" "b"',
    "toString",
  ],
  ...[
    'hasPrefix "a"',
    'semverCompare "^1"',
    'printf "%s%s%s%s"',
    'splitn "a" 3',
    "urlquery",
    "print",
  ],
];
const TEXTS = [
  'repeat 300000 " "',
  'print "a" (repeat 300000 " ") "b"',
  'print "/" (repeat 300000 "/") "b"',
  'repeat 300000 "a"',
  'repeat 300000 "A"',
  'repeat 300000 "1"',
  'repeat 100000 "ä"',
  'repeat 100000 "😀"',
  'repeat 60000 "a, b\\n"',
  'repeat 100000 "\\xff"',
  'print "1" (repeat 100000 ".0")',
  'print (repeat 100000 "1h") "x"',
  'print "[" (repeat 100000 "[],") "1]"',
  'repeat 300000 "%"',
];

const loop = (work: string) =>
  `{{$x := 1}}{{$d := dict}}{{range until 5000}}{{range until 5000}}{{$y := ${work}}}{{end}}{{end}}`;

const LARGE = [
  "{{len (until 240000)}}",
  "{{range 1000000000}}{{end}}",
  "{{range until 1000000000}}{{end}}",
  "{{range 1000}}{{range 1000}}{{range 1000}}x{{end}}{{end}}{{end}}",
  '{{printf "%1000000000d" 1}}',
  '{{printf "%999999d%999999d%999999d" 1 1 1 | len}}',
  '{{printf "%.999999f" 1.5 | len}}',
  '{{repeat 1000000000 "a"}}',
  '{{repeat 900000 "a"}}',
  '{{$x := "a"}}{{range 100}}{{$x = print $x $x}}{{end}}',
  "{{$x := list 1}}{{range 100}}{{$x = concat $x $x}}{{end}}{{len $x}}",
  "{{$x := list 1}}{{range 100}}{{$x = list $x $x}}{{end}}{{toJson $x}}",
  "{{$x := list 1}}{{range 100}}{{$x = list $x $x}}{{end}}{{deepEqual $x (list $x)}}",
  "{{$x := list 1}}{{range 100}}{{$x = list $x $x}}{{end}}{{len (deepCopy $x)}}",
  "{{$x := list 1}}{{range 100000}}{{$x = append $x .}}{{end}}{{len $x}}",
  "{{$d := dict}}{{range 200000}}{{$_ := set $d (toString .) .}}{{end}}{{range $k, $v := $d}}{{$k}}{{end}}",
  '{{$d := dict}}{{$_ := set $d "a" $d}}{{toJson $d}}',
  "{{$d := dict}}{{range 60000}}{{$_ := set $d (toString .) .}}{{end}}{{range 100}}{{keys $d | len}}{{end}}",
  '{{define "a"}}{{range 200}}{{template "a" .}}{{end}}{{end}}{{template "a" .}}',
  `{{mulf ${"1.23456789012345678 ".repeat(2_000)}}}`,
  `{{addf ${"1.2e300 1.2e-300 ".repeat(2_000)}}}`,
  `{{divf ${"1.23456789012345678 ".repeat(2_000)}}}`,
  `${"{{$a:=1}}".repeat(4_000)}{{range 100000}}{{$x := $}}{{end}}`,
  `{{regexMatch (repeat 900 "a") (repeat 900000 "a")}}`,
  `{{range 2000}}{{regexMatch (printf "(a{1,30}){1,30}%d" .) "a"}}{{end}}`,
  `{{contains (print (repeat 1000 "a") "b") (repeat 400000 "a")}}`,
  `{{replace (print (repeat 1000 "a") "b") "" (repeat 400000 "a")}}`,
  `{{splitList (print (repeat 1000 "a") "b") (repeat 400000 "a")}}`,
  `{{len (seq 1 90000)}}`,
  `{{randAlphaNum 200000 | len}}`,
  `{{range 5000}}{{dateInZone "2006-01-02 15:04:05.000 MST Monday January" now "Europe/Zurich"}}{{end}}`,
  `{{range $.rollout.list}}{{dateInZone "15:04" now .}}{{end}}`,
  `{{range 5000}}{{now.Local.Weekday}}{{end}}`,
  `{{semverCompare "${">=1.2.3 || ".repeat(3_000)}1" "0.0.1"}}`,
  `{{semver "${"1".repeat(40_000)}.0.0"}}`,
  `{{int64 "${"1".repeat(40_000)}"}}`,
  `{{toString (int "0x${"1".repeat(40_000)}")}}`,
];

/** Long, or deep: what it costs to read them. */
const WRITTEN = [
  "a".repeat(50_000),
  "{{".repeat(25_000),
  "{{.}}".repeat(10_000),
  `{{${"(".repeat(99)}1${")".repeat(99)}}}`.repeat(200),
  "{{if 1}}".repeat(140) + "{{end}}".repeat(140),
  "{{if .}}{{end}}".repeat(3_200),
  '{{define "a"}}{{end}}'.repeat(2_200),
  Array.from({ length: 1_600 }, (_, index) => `{{define "a${index}"}}{{end}}`).join(""),
  Array.from({ length: 2_400 }, (_, index) => `{{$a${index} := 1}}`).join(""),
  `{{print ${"1 ".repeat(24_000)}}}`,
  `{{print ${'"a" '.repeat(12_000)}}}`,
  `{{"${"\\u00e4".repeat(8_000)}"}}`,
  `{{1 ${"| print ".repeat(6_000)}}}`,
  `{{.${"a.".repeat(24_000)}a}}`,
  `{{/*${" ".repeat(48_000)}*/}}`,
  `{{- ${" ".repeat(40_000)} 1}}`,
  `${" ".repeat(48_000)}{{- 1}}`,
  `{{1${"1".repeat(48_000)}}}`,
  `{{0x${"1".repeat(48_000)}}}`,
  `{{1e${"1".repeat(48_000)}}}`,
  `{{${"a".repeat(48_000)}}}`,
  `${"\n".repeat(48_000)}{{nothing}}`,
  `{{"${"a".repeat(48_000)}`,
];

const ofText = (work: string, text: string) => `{{$t := ${text}}}{{$t | ${work} | len}}`;

export const HEAVY_TEMPLATES: readonly string[] = [
  ...REPEATED.map(loop),
  ...REGEXES.flatMap((regex) => [
    `{{regexMatch "${regex.replaceAll("\\", "\\\\")}" (repeat 300000 "a")}}`,
    `{{regexFindAll "${regex.replaceAll("\\", "\\\\")}" (repeat 30000 "a") -1 | len}}`,
    `{{regexReplaceAll "${regex.replaceAll("\\", "\\\\")}" (repeat 30000 "a") "b$1" | len}}`,
  ]),
  ...OF_LENGTH.flatMap((work) => TEXTS.map((text) => ofText(work, text))),
  ...LARGE,
  ...WRITTEN,
];
