/// <reference lib="webworker" />
import { NewestDecoder } from "./newest_decoder.js";
import { readStream } from "./stream_reader.js";

/** @typedef {import("./multipart_reader.js").Part} Part */

/** @type {AbortController | null} */
let connection = null;

/** @type {Uint8Array<ArrayBuffer> | null} The frame passed on last, for snapshots. */
let given = null;

/** @type {import("./player.js").Received | null} The newest frame received completely. */
let received = null;

/** @type {NewestDecoder<Part, ImageBitmap>} */
const decoder = new NewestDecoder({
  decode: ({ body }) => createImageBitmap(new Blob([body], { type: "image/jpeg" })),
  give: (bitmap, { headers, body }) => {
    const info = {
      quality: headers.get("x-quality") ?? "source",
      sequence: sequenceOf(headers),
      at: timeOf(headers),
      received,
    };
    given = body;
    postMessage({ type: "picture", bitmap, info }, { transfer: [bitmap] });
  },
  discard: (bitmap) => bitmap.close(),
});

addEventListener("message", ({ data }) => {
  if (data.type === "open") open(data.url);
  else if (data.type === "close") close();
  else if (data.type === "taken") decoder.taken();
  else if (data.type === "snapshot") snapshot();
});

/** @param {string} url */
async function open(url) {
  close();
  const mine = connection = new AbortController();
  const onPart = (/** @type {Part} */ part) => {
    received = {
      sequence: sequenceOf(part.headers),
      at: performance.timeOrigin + performance.now(),
    };
    decoder.push(part);
  };
  const end = await readStream({ url, signal: mine.signal, onPart });
  if (connection !== mine) return;
  close();
  postMessage({ type: "end", end });
}

/** @param {Part["headers"]} headers */
function sequenceOf(headers) {
  return Number(headers.get("x-sequence") ?? 0);
}

/** @param {Part["headers"]} headers */
function timeOf(headers) {
  const seconds = Number(headers.get("x-timestamp") ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

function close() {
  connection?.abort();
  connection = null;
  decoder.clear();
}

function snapshot() {
  const blob = given && new Blob([given], { type: "image/jpeg" });
  postMessage({ type: "snapshot", blob });
}
