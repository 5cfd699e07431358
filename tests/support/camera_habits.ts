import { setTimeout as delay } from "node:timers/promises";
import { join } from "./jpegs.ts";
import type { Answer, Send } from "./http_camera.ts";

/** How a kind of HTTP camera sends its frames. */
export interface Habit {
  /** The `Content-Type` of its response. */
  readonly type: string;
  /** Sends one frame. */
  readonly send: (frame: Uint8Array, send: Send) => Promise<void>;
}

/** Returns a habit that writes `head` before each frame and `tail` after it. */
function habit(
  type: string,
  head: string | ((length: number) => string),
  tail: string | Uint8Array = "\r\n",
): Habit {
  const encode = (text: string | Uint8Array) =>
    typeof text === "string" ? new TextEncoder().encode(text) : text;
  return {
    type,
    send: (frame, send) =>
      send(
        join(encode(typeof head === "string" ? head : head(frame.length)), frame, encode(tail)),
      ),
  };
}

const MIXED = "multipart/x-mixed-replace";

/** Formats observed from real cameras; most violate RFC 2046. */
export const HABITS: Readonly<Record<string, Habit>> = {
  "is sound": habit(
    `${MIXED}; boundary=123456789`,
    (length) => `--123456789\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
  ),
  "has no boundary before the first part": habit(
    `${MIXED};boundary=123456789`,
    (length) => `Content-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
    "\r\n--123456789\r\n",
  ),
  "has the dashes in the boundary's name": habit(
    `${MIXED}; boundary=--myboundary`,
    (length) => `--myboundary\r\nContent-length: ${length}\r\nContent-type: image/jpeg\r\n\r\n`,
  ),
  "has a space before the equals sign": habit(
    `${MIXED}; boundary =--WINNIE`,
    (length) => `--WINNIE\r\nContent-length: ${length}\r\nContent-type: image/jpeg\r\n\r\n`,
  ),
  "quotes a boundary with a space": habit(
    `${MIXED}; boundary="frame b"`,
    (length) => `--frame b\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
  ),
  "names a boundary that it does not use": habit(
    `${MIXED}; boundary=one`,
    (length) => `--other\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
  ),
  "gives no length": habit(
    `${MIXED}; boundary=frame`,
    "--frame\r\nContent-Type: image/jpeg\r\n\r\n",
  ),
  "gives a length of nothing": habit(
    `${MIXED}; boundary=frame`,
    "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\n\r\n",
  ),
  "counts the line end": habit(
    `${MIXED}; boundary=frame`,
    (length) => `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${length + 2}\r\n\r\n`,
  ),
  "says image/jpg": habit(
    `${MIXED}; boundary=frame`,
    (length) => `--frame\r\nContent-Type: image/jpg\r\nContent-Length: ${length}\r\n\r\n`,
  ),
  "gives no type of its parts": habit(
    `${MIXED}; boundary=frame`,
    (length) => `--frame\r\nContent-Length: ${length}\r\n\r\n`,
  ),
  "ends its lines with LF alone": habit(
    `${MIXED}; boundary=frame`,
    (length) => `--frame\nContent-Type: image/jpeg\nContent-Length: ${length}\n\n`,
    "\n",
  ),
  "pads its frames with zeros": habit(
    `${MIXED}; boundary=frame`,
    "--frame\r\nContent-Type: image/jpeg\r\n\r\n",
    new Uint8Array(512),
  ),
  "sends JPEGs and nothing else": habit("application/octet-stream", "", ""),
  "sends JPEGs as one image": habit("image/jpeg", "", ""),
};

/** Plays frames in a loop, 15 a second, in a habit's format. */
export function playFrames(
  frames: readonly Uint8Array[],
  { type, send: sendFrame }: Habit,
): Answer {
  return async (_, send) => {
    await send(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n`);
    for (let i = 0;; i++) {
      await sendFrame(frames[i % frames.length], send);
      await delay(66);
    }
  };
}
