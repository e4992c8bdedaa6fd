/** Conditions that make the most of the least: what each kind of work costs when it is repeated. */

const numbers = Array.from({ length: 1_000 }, (_, index) => index);

/** The result that they look at. */
export const RESULT = {
  numbers,
  dict: Object.fromEntries(numbers.map((number) => [`k${number}`, number])),
  words: Array.from({ length: 5_000 }, (_, index) => `word number ${index}`),
  text: "a".repeat(30_000),
  wide: "ä😀".repeat(10_000),
  n: 5,
  s: "abc",
};

/** As often as it is allowed. */
const REPEATED = [
  ...["{a: #, b: #}", "[#, #, #]", "let x = #; x + 1", "# % 7 == 0 ? 'a' : 'b'", "# * 1.5 / 3"],
  ...["result == result", "result.numbers == result.numbers", "result.dict == result.dict"],
  ...["# in result.numbers", "5 in result.dict", "result.dict.k5", "result.dict['x']"],
  ...["result.numbers[5:]", "result?.n ?? 5", "first(result.numbers)", "type(#)", "bitand(#, 5)"],
  ...[
    "sum(result.numbers)",
    "max(result.numbers)",
    "mean(result.numbers)",
    "string(result.numbers)",
  ],
  ...["median(result.numbers)", "sort(result.numbers)", "reverse(result.numbers)"],
  ...["flatten([result.numbers, result.numbers])", "concat(result.numbers, result.numbers)"],
  ...["take(result.numbers, 500)", "count(result.numbers, # > 5)", "any(result.s, # == 5)"],
  ...["keys(result.dict)", "values(result.dict)", "toPairs(result.dict)", "toJSON(result.dict)"],
  ...["fromPairs(toPairs(result.dict))", "get(result.dict, 'k5')", "toJSON(result)"],
  ...["sort(result.words)", "uniq(result.words)", "join(result.words)"],
  ...["result.text == result.text + ''", "result.text < result.text + 'a'", "upper(result.text)"],
  ...["upper(result.wide)", "len(result.wide)", "result.text[5]", "result.text[5:]"],
  ...["trim(result.text, 'a')", "replace(result.text, 'a', 'b')", "result.text contains 'b'"],
  ...["result.text startsWith result.text", "splitAfter('a,b,c', ',')", "repeat('a', 20)"],
  ...["indexOf(repeat('a', 40), 'b')", "lastIndexOf('abcabc', 'abc')", "'abc' + 'def'"],
  ...["'aaaa' matches '^a+$'", "'a' matches string(#)", "int('12345')", "float('1.5')"],
  ...["fromJSON('[1,2,3]')", "toBase64('abc')", "fromBase64('YWJj')", "duration('1h30m')"],
  ...["now()", "now().String()", "now().Format('2006-01-02')", "now().AddDate(1, 2, 3)"],
  ...["timezone('Europe/Zurich')", "date('2026-01-01')", "duration('1h30m').String()"],
  ...["date('2026-01-01', '2006-01-02', 'Europe/Zurich')"],
];

/** A list that holds the one before it eight times: small, and of two million elements. */
const SHARED = [..."abcdefgh"].map((name, index, names) =>
  `let ${name} = [${Array(8).fill(names[index - 1] ?? "1").join()}]; `
).join("");
const OF_SHARED = [
  ...["h == [g,g,g,g,g,g,g,g]", "len(flatten(h))", "len(toJSON(h))", "len(string(h))", "sum(h)"],
  ...["max(h)", "h in [[g], [g,g,g,g,g,g,g,g]]", "len(uniq([h, h, [h]]))", "asInt(h)", "h[h]"],
];

const PATTERNS = [
  ...["(a{1,1000})(b{1,1000})(c{1,1000})", "((a{1,30}){1,30})(b{1,900})", "(a|aa)+$"],
  ...[`${"(a*)*".repeat(150)}$`, "^(a+)+b$", "(x+x+)+y", "[a-z]{1,900}b", "(?i)\\\\pL{1,900}b"],
];

const LARGE = [
  ...["len(1..100000000)", "len(1..999990)", "len(1..140000)", "sum(1..140000)"],
  ...["len(repeat('a', 999000))", "len(repeat('ä', 999000))", "len(sort(1..70000))"],
  ...["len(sortBy(1..60000, -#))", "len(groupBy(1..40000, #))", "len(uniq(1..40000))"],
  ...["len(uniq(map(1..20000, {string(#)})))", "len(toJSON(1..60000))", "len(reverse(1..70000))"],
  ...["len(split(repeat('a,', 60000), ','))", "len(reduce(1..1300, #acc + #acc, 'a'))"],
  ...["len(reduce(1..60000, #acc + 'a', ''))", "len(map(1..3000, {1..300}))"],
  ...["len(map(1..1000, map(1..1000, #)))", "count(1..900, all(1..900, all(1..900, true)))"],
  ...["count(1..2000, {1..2000 == 1..2000})", "count(1..60000, # in 1..1000)"],
  ...["len(toBase64(repeat('a', 400000)))", "len(fromBase64(repeat('YWJj', 100000)))"],
  ...["len(fromJSON('[' + repeat('[],', 100000) + '1]'))", "9999999 ** 9999999"],
  ...["int(repeat('1', 900000))", "asInt(repeat('1', 900000))", "float(repeat('1', 900000))"],
  ...["duration(repeat('1', 900000) + 's')", "len(sort(result.words))", "upper(result.wide)"],
  ...["len(replace(result.text, '', 'bb'))", "len(upper(result.wide + result.wide))"],
  "indexOf(repeat('a', 400000), repeat('a', 1000) + 'b' + repeat('a', 1000))",
  "indexOf(repeat('a', 10000), repeat('a', 700) + 'b' + repeat('a', 700))",
  "let z = timezone('Europe/Zurich'); let t = now().In(z); count(1..100000, t.Hour() >= 0)",
  "let z = timezone('Europe/Zurich'); let t = now().In(z); len(string(map(1..40000, t)))",
  "let z = timezone('Europe/Zurich'); let t = now().In(z); len(toJSON(map(1..40000, t)))",
];

/** Long, or deep: what it costs to read them. */
const WRITTEN = [
  ...[`${"[".repeat(200)}1${"]".repeat(200)}`, `${"!".repeat(240)}true`, `${"-".repeat(200)}1`],
  ...[`${"true ? ".repeat(100)}1${" : 2".repeat(100)}`, `result${"?.a".repeat(200)}`],
  ...[`1 ${"+ 1 ".repeat(4_000)}`, `[${"1,".repeat(9_000)}1]`, `'${"a".repeat(49_000)}'`],
  ...[`1 /*${"a".repeat(49_000)}*/`, "a".repeat(49_000), "1".repeat(49_000)],
  ...[`0x${"1".repeat(49_000)}`, "a".repeat(1_000_000), `${"let a = 1; ".repeat(200)}a`],
  ...[`${"all(1..2, ".repeat(20)}true${")".repeat(20)}`, `${"true;".repeat(3_000)}true`],
  ...[`${"map(".repeat(60)}1..2${", #)".repeat(60)}`, `${"{a: ".repeat(100)}1${"}".repeat(100)}`],
  ...[Array(100).fill("'a' matches '(b{1,900})'").join(" or "), `result${"[0]".repeat(3_000)}`],
  ...[`result.s${"[0:1]".repeat(3_000)}`, `"${"\\u00e4".repeat(8_000)}"`, " ".repeat(49_000)],
  ...[`${"\n".repeat(49_000)}tru`, `${"'a' + ".repeat(3_000)}'a'`, `${"x = ".repeat(1_000)}1`],
  `result.s in [${"'a',".repeat(4_000)}'b']`,
];

export const HEAVY_CONDITIONS: readonly string[] = [
  ...REPEATED.map((work) => `len(map(1..20000, {${work}})) >= 0`),
  ...OF_SHARED.map((work) => `${SHARED}${work} != 0`),
  ...PATTERNS.flatMap((pattern) =>
    [10, 1_000, 30_000, 900_000].map((length) => `repeat('a', ${length}) matches '${pattern}'`)
  ),
  ...LARGE.map((work) => `${work} != 0`),
  ...WRITTEN.map((work) => `${work} != 0`),
];
