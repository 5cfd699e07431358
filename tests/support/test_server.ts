import { assemble } from "../../src/app/assembly.ts";
import type { RecordingSettings } from "../../src/app/recording.ts";
import type { SourcePart } from "../../src/app/parts.ts";
import type { RewindSettings } from "../../src/app/rewind.ts";
import { CameraControls } from "../../src/camera_controls/camera_controls.ts";
import { Channel } from "../../src/channel/channel.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import type { H264Choice } from "../../src/consumers/encoder/encoders.ts";
import { SourceRate } from "../../src/consumers/session/source_rate.ts";
import { Emitter } from "../../src/events.ts";
import type { SourceStatus } from "../../src/channel/channel_state.ts";
import type { Server } from "../../src/http/server.ts";
import { readStaticFiles } from "../../src/http/static_files.ts";
import type { Health, PictureControl } from "../../src/channel/studio_state.ts";
import type { CongestionChoice } from "../../src/net/connections/congestion.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import type { Transcoder } from "../../src/streams/part_maker.ts";
import type { VideoTracks } from "../../src/streams/video.ts";
import { boundaryOf, MultipartReader, type Part } from "../../static/js/multipart_reader.js";
import { FakeSound } from "./fake_sound.ts";
import { recordingLog } from "./recording_log.ts";
import type { SoundEmitter } from "./sound_emitter.ts";
import { ADMIN_TOKEN } from "./requests.ts";

/** The smallest picture with a frame header: SOI, SOF0 of 32x16, EOI. */
export const TINY_JPEG = new Uint8Array(
  [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 32, 1, 1, 0x11, 0, 0xff, 0xd9],
);

/** What viewers of these tests see off air: like TINY_JPEG, but 16x16. */
export const CARD_JPEG = new Uint8Array(
  [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xd9],
);

/** A rendition in these tests is the picture with its quality and filter behind it, and its scale if it is smaller. */
const appending: Transcoder = {
  transcode({ frame: { data: jpeg }, renditions, onOutput }) {
    renditions.forEach(({ quality, scale, filter }, i) => {
      const text = `${quality} ${filter}${scale === 1 ? "" : ` ${scale}`}`;
      onOutput(i, new Uint8Array([...jpeg, ...new TextEncoder().encode(text)]));
    });
    return Promise.resolve({ width: 1, height: 1, data: new Uint8Array(1) });
  },
};

export interface TestServerOptions {
  readonly maxViewers?: number;
  /** Viewers at one time from one address. */
  readonly maxPerAddress?: number;
  readonly page?: string;
  readonly allowedOrigins?: readonly string[];
  readonly donateUrl?: string;
  readonly currency?: string;
  /** Files beside or instead of those of `static/`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where chat and donations are kept. */
  readonly store?: Store;
  /** What viewers have to enter; without it, nothing. */
  readonly password?: string;
  /** Page sockets at one time, in all and from one address. */
  readonly maxSockets?: number;
  readonly maxSocketsPerAddress?: number;
  /** Names, besides the machine's, by which the server may be asked for. */
  readonly allowHost?: readonly string[];
  /** Proxies that are believed. */
  readonly trustedProxy?: readonly string[];
  /** The path under which a proxy serves the pages. */
  readonly basePath?: string;
  /** What opens the studio. Default: {@linkcode ADMIN_TOKEN}. */
  readonly adminToken?: string;
  /** Who chooses the congestion control of streams. Default: the program. */
  readonly congestion?: CongestionChoice;
  /** For HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The source's controls. Default: there is no camera. */
  readonly controls?: CameraControls;
  /** What the stream of sound gets, besides what the microphone gives. */
  readonly sound?: SoundEmitter;
  /** The program's H.264. Default: none. */
  readonly video?: VideoTracks;
  /** What encodes MP3. Default: the system's ffmpeg. */
  readonly ffmpeg?: string;
  /** Which encoder of H.264 to use. Default: none, so that no ffmpeg runs. */
  readonly h264?: H264Choice;
  /** What is kept of the program. Default: a minute, up to 50 MB. */
  readonly past?: Partial<RewindSettings>;
  /** Whether the camera's own pictures are passed on. Default: true. */
  readonly copies?: boolean;
  /** Whether there is HLS. Default: no. */
  readonly hls?: boolean;
  /** What is recorded, and where. Default: nothing can be. */
  readonly recording?: RecordingSettings;
  /** Monotonic time of the community, of page sockets and of the token's lock. */
  readonly now?: () => number;
}

export { ADMIN_TOKEN };

/** A real server on a free port of loopback, with the camera in the test's hands. */
export async function startTestServer(options: TestServerOptions = {}) {
  const { maxViewers = 10, maxPerAddress = maxViewers, page = "", copies = true } = options;
  const { maxSockets = 100, maxSocketsPerAddress = 100, now } = options;
  const log = recordingLog();
  const clock = now ? { ...SYSTEM_CLOCK, monotonic: now } : SYSTEM_CLOCK;
  const ownStore = options.store ? null : openStore(":memory:");
  const store = options.store ?? ownStore!;
  const channel = new Channel({
    title: "<Tea> & cake",
    offAir: false,
    store: store.channel,
    log,
  });
  const status: { current: SourceStatus } = {
    current: { live: true, source: "test picture", reason: null },
  };
  const sources = {
    current: "test",
    name: "test picture",
    reason: null,
    list: () =>
      Promise.resolve([
        { source: "test", name: "test picture" },
        { source: "/dev/video0", name: "Fake Webcam (/dev/video0)" },
      ]),
    switchTo(source: string) {
      sources.current = source;
      return Promise.resolve();
    },
  };
  const picture: PictureControl = { turn: { rotate: 0, flip: false } };
  const source: SourcePart = {
    events: new Emitter(),
    get state() {
      return status.current;
    },
    sources,
    picture,
    controls: options.controls ?? new CameraControls({ device: () => null, wanted: [], log }),
    size: { width: 1280, height: 720 },
    copies,
  };
  const health: Record<keyof Health, string | null> = {
    source: null,
    ffmpeg: null,
    store: null,
    workers: null,
  };
  const metrics: { current: { render(): Promise<string> } | null } = { current: null };
  const files = new Map(await readStaticFiles(new URL("../../static/", import.meta.url)));
  for (const [path, text] of Object.entries({ "/index.html": page, ...options.files })) {
    files.set(path, new TextEncoder().encode(text));
  }
  const { allowHost, allowedOrigins: allowOrigin, trustedProxy, basePath, tls } = options;
  const sourceRate = new SourceRate(30);
  const startedAt = Date.now();
  const microphone = new FakeSound();
  const assembly = await assemble({
    ...{ host: "127.0.0.1", port: 0, allowHost, allowOrigin, trustedProxy, basePath, tls },
    adminToken: options.adminToken ?? ADMIN_TOKEN,
    isTokenRandom: false,
    password: options.password ?? null,
    donateUrl: options.donateUrl ?? null,
    currency: options.currency ?? null,
    limits: { maxViewers, maxPerAddress, uplink: null },
    sockets: { maxSockets, maxPerAddress: maxSocketsPerAddress },
    maxConnections: Infinity,
    congestion: options.congestion,
    ffmpeg: options.ffmpeg ?? "ffmpeg",
    h264: options.h264 ?? "off",
    fps: 30,
    instanceId: "this run",
    recording: options.recording,
    hls: options.hls,
    sound: { delay: 0, onDemand: false },
    past: { rewind: 60_000, rewindSize: 50e6, rewindFile: null, timelapse: 0, ...options.past },
  }, {
    ...{
      store,
      files,
      channel,
      source,
      sound: microphone,
      sourceRate,
      transcoder: appending,
      video: options.video,
      log,
      clock,
    },
    motion: { quality: 40, intensity: 0.25, due: () => false, observe: () => {} },
    drawCard: () => Promise.resolve(CARD_JPEG),
    report: {
      metrics: () => metrics.current?.render() ?? null,
      networkUrl: () => "http://10.0.0.5:8081/",
      startedAt: () => startedAt,
      health: () => health,
      counters: () => ({ damaged: 3 }),
    },
  });
  const { soundStream } = assembly;
  options.sound?.stream.join({ deliver: (packet) => soundStream.publish(packet) });
  const soundFlow = assembly.sound.run();
  let server: Server;
  try {
    server = assembly.listen();
  } catch (error) {
    ownStore?.close();
    throw error;
  }
  const origin = `${tls ? "https" : "http"}://127.0.0.1:${server.port}`;
  return {
    ...assembly.community,
    ...assembly,
    channel,
    sourceRate,
    sources,
    picture,
    status,
    microphone,
    log,
    files,
    startedAt,
    responses: server.responses,
    health,
    metrics,
    port: server.port,
    origin,
    /** Requests a path; redirects are given as they are. */
    get: (path: string, init: RequestInit = {}) =>
      fetch(origin + path, { redirect: "manual", ...init }),
    async [Symbol.asyncDispose]() {
      await microphone.stop();
      await soundFlow;
      await assembly[Symbol.asyncDispose]();
      ownStore?.close();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** Reads a multipart stream part by part. */
export async function* readParts(response: Response): AsyncGenerator<Part> {
  const boundary = boundaryOf(response.headers.get("content-type")!)!;
  const reader = new MultipartReader({ boundary });
  for await (const chunk of response.body!) yield* reader.push(chunk);
}

/** The id cookie that the page gives a new viewer, as a request header. */
export async function newViewer(
  server: { get(path: string): Promise<Response> },
): Promise<{ cookie: string }> {
  const response = await server.get("/");
  await response.body?.cancel();
  return { cookie: response.headers.get("set-cookie")!.split(";")[0] };
}
