import type { ClientMessage } from "../../src/live_messages.ts";
import type { Random } from "../support/random.ts";
import { utf8 } from "./bytes.ts";
import { UNWANTED } from "./http_requests.ts";
import type { Frame } from "./raw_web_socket.ts";

const SOUND: readonly ClientMessage[] = [
  { type: "painted", stream: "s", sequence: 5, ago: 12.5, arrived: { sequence: 6, ago: 1 } },
  { type: "chat", key: "k", text: "hello", name: "Ann" },
  { type: "older", before: 10 },
  { type: "listen", on: true },
  { type: "heard", sequence: 7, ago: 3.5, buffered: 80, gaps: 1, offset: -12.5 },
];

/** JSON values that replace valid ones; some are not JavaScript numbers. */
const VALUES = [
  ...[
    "1e999",
    "-1e999",
    "-0",
    "0",
    "-1",
    "0.1",
    "9007199254740993",
    "1e-400",
    "12345678901234567890",
  ],
  ...["null", "true", "[]", "{}", '""', '"x"', '"\\u0000"', '"\\ud800"', '"\\u202e"', '"😀"'],
  ...['{"__proto__":null}', '["a",["b"]]', '{"length":5}', '"__proto__"', '"constructor"'],
  `"${"x".repeat(70)}"`,
  `"${"y".repeat(600)}"`,
  `"${"😀".repeat(900)}"`,
  `"${"z".repeat(5000)}"`,
  `"${UNWANTED}"`,
];

const NAMES = ["type", "key", "__proto__", "constructor", "toString", "hasOwnProperty", "then", ""];

/** Returns text that resembles a message, with some parts replaced by wild ones. */
export function nextText(random: Random): string {
  const kind = random.next();
  if (kind < 0.08) return String.fromCharCode(...random.bytes(random.whole(0, 200)));
  if (kind < 0.15) return wildJson(random, 4);
  if (kind < 0.18) return "[".repeat(random.whole(1, 3000));
  const fields = Object.entries(random.pick(SOUND)).map(([name, value]) =>
    [name, JSON.stringify(value)] as [string, string]
  );
  for (let changes = random.whole(0, 3); changes > 0; changes--) {
    const at = random.whole(0, fields.length - 1);
    const way = random.next();
    if (way < 0.5) fields[at][1] = random.chance(0.8) ? random.pick(VALUES) : wildJson(random, 2);
    else if (way < 0.65) fields.splice(at, 1);
    else if (way < 0.8) fields[at][0] = random.pick(NAMES);
    else fields.push([random.pick([...NAMES, fields[at][0]]), random.pick(VALUES)]);
    if (fields.length === 0) break;
  }
  const text = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
  if (random.chance(0.9)) return text;
  return text.slice(0, random.whole(0, text.length)) + random.pick(["", "}", ",", "\u0000", "//"]);
}

function wildJson(random: Random, depth: number): string {
  if (depth === 0 || random.chance(0.4)) return random.pick(VALUES);
  const parts = Array.from({ length: random.whole(0, 4) }, () => wildJson(random, depth - 1));
  if (random.chance(0.5)) return `[${parts.join(",")}]`;
  return `{${parts.map((part) => `${JSON.stringify(random.pick(NAMES))}:${part}`).join(",")}}`;
}

/** Returns one message as frames, mostly valid ones. */
export function nextFrames(random: Random): Frame[] {
  const payload = utf8(nextText(random));
  const kind = random.next();
  if (kind < 0.75) return [{ payload }];
  if (kind < 0.82) {
    // Fragmented, with a ping in between.
    const at = random.whole(0, payload.length);
    return [
      { payload: payload.subarray(0, at), isLast: false },
      ...(random.chance(0.5) ? [{ opcode: 9, payload: random.bytes(random.whole(0, 125)) }] : []),
      { opcode: 0, payload: payload.subarray(at) },
    ];
  }
  if (kind < 0.88) return [{ opcode: 2, payload: random.bytes(random.whole(0, 300)) }];
  if (kind < 0.94) {
    const count = random.pick([1, 2, 100]);
    return Array.from(
      { length: count },
      () => ({ opcode: random.pick([9, 10]), payload: utf8("p") }),
    );
  }
  return [
    random.pick<() => Frame>([
      () => ({ payload, isMasked: false }),
      () => ({ payload, reserved: random.whole(1, 7) }),
      () => ({ payload, opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) }),
      () => ({ payload, opcode: 0 }),
      () => ({ payload, length: random.pick([2n ** 63n, 2n ** 62n, 2 ** 40, 2 ** 31, 70_000]) }),
      () => ({ payload, isLengthLong: true }),
      () => ({ payload: random.bytes(200), opcode: random.pick([8, 9, 10]) }),
      () => ({ payload: utf8("p"), opcode: 9, isLast: false }),
      () => ({ payload: random.bytes(20) }),
      () => ({ payload, isLast: false }),
      () => ({ payload: random.bytes(random.whole(0, 3)), opcode: 8 }),
      () => ({ payload: new Uint8Array([0x03, random.whole(0, 255)]), opcode: 8 }),
      () => ({ payload: new Uint8Array(random.pick([5_000, 70_000, 1_000_000])).fill(0x20) }),
    ])(),
  ];
}
