import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);

/** Each part may import itself, what stands on a later line, and what everyone may. */
const LAYERS = [
  ["main"],
  ["app"],
  ["terminal"],
  ["http", "integrations"],
  ["channel", "audience"],
  ["consumers", "producers"],
  ["streams"],
  ["transcode", "motion"],
  ["media"],
];

/** Beside the layers: joined to them by what is named first, and what they may import themselves. */
const BESIDE: Readonly<Record<string, { by: readonly string[]; mayImport: readonly string[] }>> = {
  camera_controls: { by: ["app", "http", "terminal"], mayImport: [] },
  store: { by: ["app"], mayImport: ["channel"] },
  discovery: { by: ["app"], mayImport: [] },
  tls: { by: ["app"], mayImport: [] },
  outgoing: { by: ["app", "integrations", "consumers"], mayImport: [] },
  pictures: { by: ["app", "http", "producers", "transcode"], mayImport: ["media"] },
  metrics: { by: ["app"], mayImport: ["media"] },
  live_messages: {
    by: [
      "app",
      "terminal",
      "http",
      "channel",
      "audience",
      "consumers",
      "metrics",
      "producers",
      "store",
    ],
    mayImport: ["media"],
  },
  end_signals: { by: ["main"], mayImport: [] },
  last_words: { by: ["main"], mayImport: [] },
  permissions: { by: ["main"], mayImport: [] },
  environment: { by: ["main"], mayImport: [] },
  service: { by: ["main"], mayImport: [] },
  watchdog: { by: ["main"], mayImport: [] },
};

/** Imported by anyone; import only each other. */
const COMMON = [
  "bounded_map",
  "c_library",
  "child_process",
  "clock",
  "events",
  "log",
  "errors",
  "file_failure",
  "net",
  "origin",
  "source_address",
  "schema",
  "special_file",
  "page_text_key",
  "studio_url",
];

/** A file, from the project's folder, to the files it imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** The part a file belongs to; throws for one that has no place yet. */
function partOf(file: string): string {
  if (file === "main.ts") return "main";
  const [, name = ""] = /^src\/(\w+)(?:\/|\.ts$|\.d\.ts$)/.exec(file) ?? [];
  if (COMMON.includes(name)) return "common";
  assert(name in BESIDE || LAYERS.flat().includes(name), `${file} has no place in the layers`);
  return name;
}

function mayImport(from: string, to: string): boolean {
  if (to === "common" || from === to) return true;
  if (from === "common") return false;
  if (to in BESIDE) return BESIDE[to]!.by.includes(from);
  if (from in BESIDE) return BESIDE[from]!.mayImport.includes(to);
  const layerOf = (part: string) => LAYERS.findIndex((layer) => layer.includes(part));
  return layerOf(from) < layerOf(to);
}

/** Imports against the direction, as `from → to`. */
function violations(graph: Graph): string[] {
  return [...graph].flatMap(([from, imports]) =>
    imports.filter((to) => !mayImport(partOf(from), partOf(to))).map((to) => `${from} → ${to}`)
  );
}

/** The first way found from a file back to itself. */
function findCycle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** The relative paths that a module's text imports, workers started by URL included. */
function importsOf(text: string): string[] {
  const code = text.replace(/^\s*\/\/.*$/gm, "").replace(/\/\*.*?\*\//gs, "");
  const patterns = [
    /^\s*(?:import|export)\b[^;"']*?\bfrom\s*["'](\.[^"']+)["']/gm,
    /^\s*import\s*["'](\.[^"']+)["']/gm,
    /\bimport\(\s*["'](\.[^"']+)["']/g,
    /\bnew URL\(\s*["'](\.[^"']+\.ts)["'],\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map(([, path = ""]) => path));
}

async function* typescriptFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) yield* typescriptFiles(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield `${folder}${name}`;
  }
}

async function readGraph(): Promise<Graph> {
  const graph = new Map<string, string[]>();
  for (const file of ["main.ts", ...await Array.fromAsync(typescriptFiles("src/"))]) {
    const url = new URL(file, ROOT);
    const imports = importsOf(await Deno.readTextFile(url))
      .map((path) => new URL(path, url).href.slice(ROOT.href.length))
      .filter((path) => path.endsWith(".ts"));
    graph.set(file, imports);
  }
  return graph;
}

Deno.test("architecture: imports go one way, from main down to media", async () => {
  assert.deepEqual(violations(await readGraph()), []);
});

Deno.test("architecture: no file imports itself by way of others", async () => {
  assert.equal(findCycle(await readGraph()), undefined);
});

Deno.test("architecture: every import leads to a file", async () => {
  const graph = await readGraph();
  for (const [from, imports] of graph) {
    for (const to of imports) assert(graph.has(to), `${from} → ${to}`);
  }
});

Deno.test("architecture check reads every form of import", () => {
  const text = `
import { a } from "./a.ts";
import type {
  B,
} from "../b.ts";
export { c } from "./c.ts";
export * from "./d.ts";
import "./e.ts";
// import { no } from "./comment.ts";
/* import { no } from "./comment.ts"; */
import { npm } from "commander";
import config from "../deno.json" with { type: "json" };
const f = await import("./f.ts");
new Worker(new URL("./g.ts", import.meta.url), { type: "module" });
`;
  const expected = ["../b.ts", "../deno.json", ..."acdefg"].map((name) =>
    name.length === 1 ? `./${name}.ts` : name
  );
  assert.deepEqual(importsOf(text).sort(), expected.sort());
});

for (
  const [from, to] of [
    ["src/media/jpeg/dht.ts", "src/transcode/codec.ts"],
    ["src/streams/stream.ts", "src/http/server.ts"],
    ["src/streams/stream.ts", "src/consumers/session/session.ts"],
    ["src/consumers/session/session.ts", "src/app.ts"],
    ["src/consumers/session/session.ts", "src/channel/chat.ts"],
    ["src/consumers/session/session.ts", "src/producers/capture.ts"],
    ["src/channel/chat.ts", "src/audience/audience.ts"],
    ["src/http/server.ts", "src/terminal/options.ts"],
    ["src/producers/ffmpeg/ffmpeg.ts", "src/http/server.ts"],
    ["src/log/log.ts", "src/media/jpeg/dht.ts"],
    ["src/app.ts", "main.ts"],
  ] as const
) {
  Deno.test(`architecture check refuses ${from} → ${to}`, () => {
    assert.deepEqual(violations(new Map([[from, [to]]])), [`${from} → ${to}`]);
  });
}

Deno.test("architecture check finds a cycle of three", () => {
  const graph = new Map([["a", ["b"]], ["b", ["d", "c"]], ["c", ["a"]], ["d", []]]);
  assert.deepEqual(findCycle(graph), ["a", "b", "c", "a"]);
});
