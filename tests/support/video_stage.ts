import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/media/multipart.ts";
import { frameOf, type VideoPacket } from "../../src/media/packet.ts";
import { Rendition } from "../../src/media/rendition.ts";
import { encodeVideoPart } from "../../src/media/video_part.ts";
import { framesOf } from "./clips.ts";
import { packetsOf } from "./flv_packets.ts";
import { ROOT } from "./program.ts";
import { startTestServer } from "./test_server.ts";

const JPEG = Rendition.of({ quality: 35, scale: 1, filter: "none" });
const H264 = Rendition.of({ codec: "h264", quality: 45, scale: 1, filter: "none" });

/** Frames from one key packet to the next. */
const KEY_EVERY = 15;

/** Frames that come as JPEGs when a connection begins or is bridged. */
const BRIDGE = 5;

/** What a connection asked for and got. */
export interface StageStream {
  /** Of its request. */
  readonly query: URLSearchParams;
  /** Parts sent, oldest first; `at` is when, in milliseconds since the Unix epoch. */
  readonly sent: { sequence: number; codec: "jpeg" | "h264"; at: number }[];
}

/**
 * The watch page of a test server, whose `/stream` is a clip as H.264 with JPEG bridges. The test decides
 * when there are bridges and damage.
 */
export async function startVideoStage(options: {
  readonly clip: string;
  readonly fps: number;
}) {
  const { clip, fps } = options;
  const jpegs = framesOf({ path: clip, format: "mjpeg" });
  const [frames, packets] = await Promise.all([
    jpegs,
    packetsOf(clip, KEY_EVERY),
  ]);
  // Whole groups, so that it can begin again.
  const count = Math.floor(Math.min(frames.length, packets.length) / KEY_EVERY) * KEY_EVERY;
  const page = await Deno.readTextFile(`${ROOT}static/index.html`);
  const server = await startTestServer({
    page: page.replace("{{video}}", "h264"),
    allowHost: ["lan.test"],
  });
  const streams: StageStream[] = [];
  const stage = { isDamaged: false, bridgedAt: -Infinity };
  let sequence = 0;
  const listeners = new Set<(sequence: number) => void>();
  const timer = setInterval(() => {
    sequence++;
    for (const listener of listeners) listener(sequence);
  }, 1000 / fps);

  function play(request: IncomingMessage, response: ServerResponse) {
    const query = new URL(request.url!, "http://stage").searchParams;
    const stream: StageStream = { query, sent: [] };
    streams.push(stream);
    const isJpeg = query.get("video") !== "h264" || query.get("codec") === "jpeg";
    response.writeHead(200, {
      "content-type": MULTIPART_CONTENT_TYPE,
      "cache-control": "no-store",
    });
    response.write(OPENING);
    const begunAt = sequence;
    let isBridged = true;
    const listener = (sequence: number) => {
      const i = sequence % count;
      const isDue = sequence - Math.max(begunAt, stage.bridgedAt) <= BRIDGE;
      if (isDue) isBridged = true;
      else if (packets[i].isKey) isBridged = false;
      const codec = isJpeg || isBridged ? "jpeg" : "h264";
      const at = Date.now();
      stream.sent.push({ sequence, codec, at });
      response.write(
        codec === "jpeg"
          ? encodePart(frameOf(frames[i], sequence, at), JPEG, frames[i]).bytes
          : encodeVideoPart(packetAt(packets[i], sequence, at), H264).bytes,
      );
    };
    listeners.add(listener);
    response.on("close", () => listeners.delete(listener));
  }

  function packetAt(packet: VideoPacket, sequence: number, at: number): VideoPacket {
    const data = stage.isDamaged ? packet.data.map((byte, i) => i < 4 ? byte : 0xff) : packet.data;
    return { ...packet, sequence, index: sequence, at, data };
  }

  const proxy = createServer((incoming, response) => {
    if (incoming.url!.startsWith("/stream?")) return play(incoming, response);
    const { url: path, method, headers } = incoming;
    const forwarded = request(
      { host: "127.0.0.1", port: server.port, path, method, headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on("error", () => response.destroy());
    incoming.pipe(forwarded);
  });
  proxy.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
    const upstream = connect(server.port, "127.0.0.1", () => {
      const { rawHeaders } = incoming;
      const lines = rawHeaders.flatMap((name, i) => i % 2 ? [] : [`${name}: ${rawHeaders[i + 1]}`]);
      upstream.write([`GET ${incoming.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    const end = () => {
      upstream.destroy();
      socket.destroy();
    };
    for (const side of [upstream, socket]) side.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    streams,
    /** The newest frame's. */
    get sequence() {
      return sequence;
    },
    /** Sends the next frames as JPEGs. */
    bridge() {
      stage.bridgedAt = sequence;
    },
    /** Damages all packets from now on. */
    damage() {
      stage.isDamaged = true;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      proxy.closeAllConnections();
      proxy.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

export type VideoStage = Awaited<ReturnType<typeof startVideoStage>>;
