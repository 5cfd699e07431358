import assert from "node:assert/strict";

/** One sample. */
export interface Sample {
  /** With `_bucket`, `_sum` or `_count` for a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of one name. */
export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;
const NUMBER = /^(?:[+-]Inf|NaN|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;
const ESCAPES: Readonly<Record<string, string>> = { "\\\\": "\\", '\\"': '"', "\\n": "\n" };

/**
 * Parses the text format 0.0.4 strictly: each family has HELP and TYPE once and before its samples;
 * no sample occurs twice; counters end in `_total`; the buckets of a histogram rise to its count.
 */
export function parsePrometheus(text: string): Map<string, Family> {
  assert(text.endsWith("\n"), "The last line has an end");
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === "HELP") {
      assert(NAME.test(name) && !families.has(name), line);
      families.set(name, { help: rest, type: "", samples: [] });
      current = name;
      continue;
    }
    const family = families.get(current);
    assert(family, line);
    if (kind === "TYPE") {
      assert(name === current && family.type === "" && family.samples.length === 0, line);
      assert(["counter", "gauge", "histogram"].includes(rest), line);
      assert.equal(rest === "counter", name.endsWith("_total"), line);
      family.type = rest;
      continue;
    }
    const sample = parseSample(line);
    const suffix = sample.name.slice(current.length);
    assert(sample.name.startsWith(current), line);
    const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    assert(suffixes.includes(suffix) && family.type !== "", line);
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
    assert(!seen.has(key), line);
    seen.add(key);
    family.samples.push(sample);
  }
  for (const [name, { type, samples }] of families) {
    assert(samples.length > 0, `${name} has values`);
    if (type === "histogram") checkHistogram(name, samples);
  }
  return families;
}

function parseSample(line: string): Sample {
  const [, name = "", labelText = "", number = ""] = SAMPLE.exec(line) ?? [];
  assert(NAME.test(name) && NUMBER.test(number), line);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelText.length) {
    const [, label, value] = LABEL.exec(labelText) ?? assert.fail(line);
    assert(!(label in labels), line);
    labels[label] = value.replace(/\\./g, (escaped) => ESCAPES[escaped]!);
  }
  return { name, labels, value: Number(number.replace("Inf", "Infinity")) };
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const valueOf = (suffix: string) => samples.find((one) => one.name === name + suffix)?.value;
  const buckets = samples.filter((one) => one.name === `${name}_bucket`).map((
    { labels, value },
  ) => ({
    bound: Number(labels.le.replace("Inf", "Infinity")),
    value,
  }));
  const last = buckets.at(-1);
  assert(last && last.bound === Infinity && last.value === valueOf("_count"), name);
  assert(valueOf("_sum") !== undefined, name);
  for (const [i, { bound, value }] of buckets.entries()) {
    assert(i === 0 || (bound > buckets[i - 1].bound && value >= buckets[i - 1].value), name);
  }
}

/** Returns the value of a sample. Fails unless there is exactly one. */
export function valueIn(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = [...parsePrometheus(text).values()].flatMap((family) => family.samples);
  const found = samples.filter((sample) =>
    sample.name === name &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  );
  assert.equal(found.length, 1, `${name} ${JSON.stringify(labels)}`);
  return found[0].value;
}
