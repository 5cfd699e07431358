import type { Random } from "../support/random.ts";
import { concatenate, latin1, utf8 } from "./bytes.ts";

/** One request as sent. */
export interface FuzzRequest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isHead: boolean;
  /** Whether its length is correct, so that what follows is read as another request. */
  readonly isWhole: boolean;
}

/** The target of the requests. */
export interface FuzzTarget {
  readonly port: number;
  /** The streamer's token, for requests that must be refused for another reason. */
  readonly adminToken: string;
}

/** Marks everything that must be refused, so that the test can search for it afterwards. */
export const UNWANTED = "unwanted";

const PATHS = [
  ...["/", "/stream", "/snapshot", "/snapshot.jpg", "/state", "/events", "/settings"],
  ...["/donate", "/chat"],
  ...["/live", "/qr.svg", "/healthz", "/embed", "/studio", "/css/watch.css", "/js/watch.js"],
  ...[
    "/admin/state",
    "/admin/on-air",
    "/admin/title",
    "/admin/source",
    "/admin/sources",
    "/admin/sound",
    "/admin/rewind",
  ],
  ...["/admin/kick", "/admin/preview", "/admin/share-card.png", "/admin/chat/delete"],
  ...["/admin/chat/ban", "/admin/chat/slow-mode", "/admin/chat/blocked-words", "/metrics"],
  ...["/login", "/favicon.ico", "/robots.txt"],
];

/** Inputs that have broken other servers. */
const TRICKS = [
  ...["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/../main.ts", "/.git/config"],
  ...["//evil.example/", "/\\evil.example", "/%00", "/%", "/%zz", "/%ff%fe", "/;", "/?", "/#"],
  ...["/__proto__", "/constructor", "/admin", "/admin/", "/admin/%73tate", "/ADMIN/state", "*"],
  ...[
    "http://evil.example/admin/state",
    "https://localhost/",
    "stream",
    "",
    "/stream/../admin/state",
  ],
];

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  quality: ["high", "medium", "low", "source", "101", "__proto__"],
  mode: ["home", "gaming", "none"],
  filter: ["none", "sepia", "highlight", "unheard-of"],
  fps: ["10", "0", "-1", "1e999", "NaN", "0x10", "٣", ""],
  video: ["h264", "1", ""],
  codec: ["auto", "jpeg", "h264", "av1"],
  max_kbps: ["100", "1e7", "1e-9", "Infinity"],
  action: ["stream", "snapshot", "command"],
  before: ["1", "0", "9007199254740993", "-5", "1;DROP TABLE messages"],
  live: ["page", "", "x".repeat(300), "\u0000"],
  text: [UNWANTED],
  title: [UNWANTED],
  onAir: ["false"],
};

const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  ...PARAMETERS,
  text: ["hello", "", "x".repeat(600), "\u202e\u0000\ud800", 5, null, ["a"], { a: 1 }],
  name: ["Ann", "", "x".repeat(100), "Streamer", 0, null],
  key: ["k1", "k2", "", "x".repeat(65), 1e21],
  amount: [5, "2,50", "2.505", -1, 0, 1e999, "1e3", NaN, true],
  message: ["thanks", "<script>alert(1)</script>", "😀".repeat(300)],
  onAir: [false, true, "false"],
  title: ["A title", "", "x".repeat(1e4), "two\nlines"],
  source: ["test", "/dev/video0", "-i /etc/passwd", "file:///etc/passwd"],
  ids: [[1], [], ["1"], [-1], Array(600).fill(1)],
  seconds: [30, -1, 1e400, "x"],
  author: ["x", "", "y".repeat(65)],
  words: [["a"], [5], "a"],
};

const METHODS = [
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "get",
  "G\0T",
];

const TEXT_TYPES = ["text/plain", "multipart/form-data; boundary=x", 'application/json; x="', ""];

/** Returns the next request: a realistic one with few or many parts replaced by wild ones. */
export function nextRequest(random: Random, target: FuzzTarget): FuzzRequest {
  const wildness = random.pick([0, 0.1, 0.3, 1]);
  const isWild = (probability: number) => random.chance(probability * wildness);
  const method = isWild(0.2)
    ? random.chance(0.8) ? random.pick(METHODS) : wildText(random, 20)
    : random.pick(["GET", "GET", "POST", "POST", "HEAD"]);
  const path = pathOf(random, isWild);
  const host = `127.0.0.1:${target.port}`;
  const origin = originOf(random, host);
  // From another site's page, or with a method that changes nothing: it must have no effect.
  const isUnwanted = origin !== null && origin !== `http://${host}` || method !== "POST";
  const version = isWild(0.1) ? random.pick(["1.0", "0.9", "2.0", "1.10", "x"]) : "1.1";
  const { body, type } = method === "POST" || isWild(0.2)
    ? bodyOf(random, isUnwanted)
    : { body: new Uint8Array(), type: null };

  const lines = [`${method} ${path} HTTP/${version}`];
  lines.push(...isWild(0.2) ? random.pick(hostLines(host)) : [`Host: ${host}`]);
  if (origin !== null) lines.push(`Origin: ${origin}`);
  if (type !== null) lines.push(`Content-Type: ${type}`);
  const isLie = isWild(0.3);
  const framed = frame(random, isLie, body, lines);
  // Even the right token gives another site's page no access.
  if (path.startsWith("/admin") && isUnwanted && method === "POST" && random.chance(0.3)) {
    lines.push(`Authorization: Bearer ${target.adminToken}`);
  }
  // Many clients behind the proxy, so that they do not all reach the rate limit soon.
  if (!isWild(0.3)) {
    lines.push(`X-Forwarded-For: 10.1.${random.whole(0, 9)}.${random.whole(0, 99)}`);
  }
  for (let more = random.whole(0, 2); more > 0; more--) lines.push(...soundLines(random));
  while (isWild(0.4)) lines.push(...oddLines(random));
  const bytes = concatenate(
    latin1(lines.join("\r\n") + (isWild(0.02) ? "\n\n" : "\r\n\r\n")),
    framed,
  );
  const isDamaged = isWild(0.1);
  if (isDamaged) damage(random, bytes);
  return { bytes, isHead: method === "HEAD", isWhole: wildness === 0 || !isLie && !isDamaged };
}

/** Returns whether to use a wild value instead of the usual one. */
type IsWild = (probability: number) => boolean;

function pathOf(random: Random, isWild: IsWild): string {
  let path = isWild(0.2) ? random.pick(TRICKS) : random.pick(PATHS);
  if (isWild(0.1)) {
    const at = random.whole(0, path.length);
    const insert = random.chance(0.5)
      ? wildText(random, 5)
      : random.pick(["/", "%00", "..", "%2f"]);
    path = path.slice(0, at) + insert + path.slice(at + random.whole(0, 1));
  }
  if (isWild(0.02)) path += "/" + "x".repeat(random.whole(1_000, 70_000));
  if (random.chance(0.6)) return path;
  const pairs = Array.from({ length: random.whole(1, 4) }, () => {
    const name = random.pick(Object.keys(PARAMETERS));
    const value = random.chance(0.8) ? random.pick(PARAMETERS[name]) : wildText(random, 30);
    return `${name}=${random.chance(0.8) ? encodeURIComponent(value) : value.replaceAll(" ", "+")}`;
  });
  return `${path}?${pairs.join(random.chance(0.95) ? "&" : "&&=;")}`;
}

function originOf(random: Random, host: string): string | null {
  if (random.chance(0.5)) return null;
  if (random.chance(0.6)) return `http://${host}`;
  return random.pick([
    ...["https://evil.example", "null", "", "http://", `http://${host}.evil.example`, "file://"],
    ...[`http://evil@127.0.0.1:1`, "http://[::1", "a, b", `https://evil.example/${host}`],
  ]);
}

function hostLines(host: string): string[][] {
  return [
    [],
    ["Host: evil.example"],
    ["Host: "],
    [`Host: ${host}`, "Host: evil.example"],
    ["Host: 127.0.0.1:99999"],
    ["Host: [::1"],
    ["Host: localhost"],
    ["Host: \x80\xff"],
    [`Host: ${host}@evil.example`],
  ];
}

function bodyOf(random: Random, isUnwanted: boolean) {
  const fields = Object.fromEntries(
    Array.from({ length: random.whole(0, 6) }, () => {
      const name = random.pick(Object.keys(FIELDS));
      return [name, random.pick(FIELDS[name])];
    }),
  );
  if (isUnwanted) {
    Object.assign(fields, { text: UNWANTED, name: UNWANTED, message: UNWANTED, title: UNWANTED });
    Object.assign(fields, { onAir: false, seconds: 77, words: [UNWANTED], source: UNWANTED });
    fields.key = String(random.next());
  } else {
    // Without a token the response must not depend on the title.
    fields.name ??= "Ann";
  }
  const kind = random.next();
  if (kind < 0.5) return { body: utf8(JSON.stringify(fields)), type: "application/json" };
  if (kind < 0.8) {
    const text = new URLSearchParams(
      Object.entries(fields).map(([name, value]) => [name, String(value)]),
    );
    return { body: utf8(String(text)), type: "application/x-www-form-urlencoded" };
  }
  const type = random.pick([...TEXT_TYPES, "application/json", wildText(random, 20)]);
  if (kind < 0.9) {
    return { body: utf8(random.pick(["{", "[1]", "null", '"', "{}{}", "1e999"])), type };
  }
  if (kind < 0.97) return { body: random.bytes(random.whole(1, 300)), type };
  return { body: new Uint8Array(random.whole(10_000, 40_000)).fill(0x61), type };
}

/** Adds headers with the right or a wrong body length. Returns the body as sent. */
function frame(
  random: Random,
  isLie: boolean,
  body: Uint8Array<ArrayBuffer>,
  lines: string[],
): Uint8Array<ArrayBuffer> {
  const { length } = body;
  if (!isLie && (length === 0 || random.chance(0.9))) {
    if (length > 0) lines.push(`Content-Length: ${length}`);
    return body;
  }
  if (!isLie || random.chance(0.3)) {
    lines.push("Transfer-Encoding: chunked");
    const size = isLie ? random.pick(["-1", "fffffffff", "", "g"]) : length.toString(16);
    return concatenate(latin1(`${size}\r\n`), body, latin1("\r\n0\r\n\r\n"));
  }
  const lies = [length + 1, Math.max(0, length - 1), 0, -1, 2 ** 53, "1e3", "0x5", "", "5, 5", 2e4];
  if (random.chance(0.7)) lines.push(`Content-Length: ${random.pick(lies)}`);
  else {
    lines.push(`Content-Length: ${random.pick(lies)}`, `Content-Length: ${length}`);
    if (random.chance(0.5)) lines.push("Transfer-Encoding: gzip, chunked");
  }
  return body;
}

/** Headers that real clients send, some with unusual values. */
function soundLines(random: Random): string[] {
  const uuid = "0b0e3a5c-1111-4222-8333-444455556666";
  return random.pick<() => string[]>([
    () => [`Cookie: viewer=${uuid}`],
    () => [`Cookie: viewer=${random.whole(0, 99)}; theme=dark; =; viewer=${uuid};`],
    () => [
      `Authorization: ${random.pick(["Bearer x", "Basic eDp5", "Basic %", "Digest", "Bearer"])}`,
    ],
    () => [`Range: ${random.pick(["bytes=0-0", "bytes=-1", "bytes=5-2", "lines=1"])}`],
    () => [`If-None-Match: ${random.pick(["*", '"x"', "W/"])}`],
    () => ["Upgrade: websocket", "Connection: Upgrade"],
    () => [
      ...["Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13"],
      `Sec-WebSocket-Key: ${random.pick(["dGhlIHNhbXBsZSBub25jZQ==", "x", ""])}`,
    ],
    () => ["Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"],
    () => [`Connection: ${random.pick(["close", "keep-alive", "", "close, close, x"])}`],
    () => [`X-Forwarded-Proto: ${random.pick(["https", "http", "javascript", ""])}`],
    () => [`Accept: ${random.pick(["text/html", "*/*", "image/*;q=x", "text/html;q=0, */*"])}`],
    () => ["Expect: 100-continue"],
    () => ["Access-Control-Request-Method: POST"],
  ])();
}

/** Headers that no honest client sends. */
function oddLines(random: Random): string[] {
  return random.pick<() => string[]>([
    () => [`Cookie: viewer=${wildText(random, 40)}; ${"a=b; ".repeat(random.whole(1, 2000))}`],
    () => [
      `X-Forwarded-For: ${random.pick(["1.2.3.4", "::1", "1.2.3.4, 5.6.7.8", "x", "", ",,"])}`,
    ],
    () => ["X-Forwarded-Host: evil.example", "Forwarded: for=_x;host=evil.example"],
    () => [`Accept: ${wildText(random, 40)}`],
    () => [`User-Agent: ${wildText(random, 200)}`],
    () => [`X-${"y".repeat(random.whole(1, 9000))}: ${"z".repeat(random.whole(0, 9000))}`],
    () => Array.from({ length: random.whole(1, 150) }, (_, i) => `X-${i}: ${i}`),
    () => [`${wildText(random, 10)}: ${wildText(random, 30)}`],
    () => [" folded: line"],
    () => ["no colon"],
  ])();
}

/** Replaces some bytes. */
function damage(random: Random, bytes: Uint8Array): void {
  for (let left = random.whole(1, 5); left > 0 && bytes.length > 0; left--) {
    bytes[random.whole(0, bytes.length - 1)] = random.whole(0, 255);
  }
}

/** Returns Latin-1 text without line ends, mostly letters. */
function wildText(random: Random, length: number): string {
  return Array.from({ length: random.whole(0, length) }, () => {
    const code = random.chance(0.6) ? random.whole(97, 122) : random.whole(0, 255);
    return code === 10 || code === 13 ? " " : String.fromCharCode(code);
  }).join("");
}
