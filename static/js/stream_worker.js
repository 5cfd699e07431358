/// <reference lib="webworker" />
import { lazy } from "./lazy.js";
import { NewestDecoder } from "./newest_decoder.js";
import { sequenceOf, timeOf } from "./part_headers.js";
import { readStream } from "./stream_reader.js";

/** @typedef {import("./multipart_reader.js").Part} Part */
/** @typedef {import("./video/video_packet.js").VideoPacket} VideoPacket */
/** @typedef {import("./video/video_reader.js").VideoReader} VideoReader */
/** @typedef {import("./video/support.js").VideoPath} VideoPath */
/** @typedef {{ frame: VideoFrame, packet: VideoPacket }} DecodedFrame */

/** @type {AbortController | null} */
let connection = null;

/** The page's number of that connection. */
let stream = 0;

/** @type {Uint8Array<ArrayBuffer> | null} The frame passed on last, for snapshots; `null` if that was H.264. */
let given = null;

/** @type {import("./player.js").Received | null} The newest frame received completely. */
let received = null;

/** Takes the H.264 of this connection, if it asked for any. @type {Promise<VideoReader> | null} */
let video = null;

const loadVideo = lazy(() => import("./video/video_reader.js"));

/** @type {NewestDecoder<Part | DecodedFrame, ImageBitmap | VideoFrame>} */
const decoder = new NewestDecoder({
  decode: async (part) =>
    "frame" in part
      ? part.frame
      : await createImageBitmap(new Blob([part.body], { type: "image/jpeg" })),
  give: (picture, part) => {
    const info = "frame" in part ? videoInfo(part.packet) : jpegInfo(part);
    given = "frame" in part ? null : part.body;
    postMessage({ type: "picture", picture, info, stream }, { transfer: [picture] });
  },
  discard: (picture) => picture.close(),
  skip: (part) => "frame" in part && part.frame.close(),
});

addEventListener("message", ({ data }) => {
  if (data.type === "open") open(data);
  else if (data.type === "close") close();
  else if (data.type === "taken") decoder.taken();
  else if (data.type === "snapshot") snapshot();
});

/** @param {{ url: string, path: VideoPath | null, stream: number }} options */
async function open({ url, path, stream: number }) {
  close();
  stream = number;
  const mine = connection = new AbortController();
  const onPart = (/** @type {Part} */ part) => {
    received = {
      sequence: sequenceOf(part.headers),
      at: performance.timeOrigin + performance.now(),
    };
    // Not before: the first picture would come later.
    if (path && !video) startVideo(path, number);
    if (part.headers.get("content-type") === "video/h264") {
      video?.then((video) => video.push(part), () => {});
    } else {
      video?.then((video) => video.interrupt(), () => {});
      decoder.push(part);
    }
  };
  const end = await readStream({ url, signal: mine.signal, onPart });
  if (connection !== mine) return;
  close();
  postMessage({ type: "end", end });
}

/**
 * @param {VideoPath} path
 * @param {number} stream The page's number of this connection.
 */
function startVideo(path, stream) {
  const onFailure = () => postMessage({ type: "failed", stream });
  video = loadVideo().then(({ VideoReader }) =>
    new VideoReader({
      path,
      onFrame: (frame, packet) => decoder.push({ frame, packet }),
      onFragment: (fragment, packet) => {
        const transfer = [fragment.bytes.buffer];
        postMessage({ type: "fragment", fragment, info: videoInfo(packet), stream }, { transfer });
      },
      onFailure,
    })
  );
  video.catch(onFailure);
}

/**
 * @param {Part} part
 * @returns {import("./player.js").PictureInfo}
 */
function jpegInfo({ headers }) {
  return {
    codec: "jpeg",
    quality: headers.get("x-quality") ?? "source",
    sequence: sequenceOf(headers),
    at: timeOf(headers),
    received,
  };
}

/**
 * @param {VideoPacket} packet
 * @returns {import("./player.js").PictureInfo}
 */
function videoInfo({ quality, sequence, at }) {
  return { codec: "h264", quality, sequence, at, received };
}

function close() {
  connection?.abort();
  connection = null;
  video?.then((video) => video.close(), () => {});
  video = null;
  decoder.clear();
}

function snapshot() {
  const blob = given && new Blob([given], { type: "image/jpeg" });
  postMessage({ type: "snapshot", blob });
}
