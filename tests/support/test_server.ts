import { Networks } from "../../src/net/networks.ts";
import type { Transcoder } from "../../src/streams/part_maker.ts";
import { Stream } from "../../src/streams/stream.ts";
import { Snapshots } from "../../src/streams/snapshots.ts";
import { CameraControls } from "../../src/camera_controls/camera_controls.ts";
import { createCommunity } from "../../src/channel/community.ts";
import { SYSTEM_CLOCK } from "../../src/clock.ts";
import { ConnectionKeeper } from "../../src/net/connections/connection_keeper.ts";
import { Channel } from "../../src/channel/channel.ts";
import { applyToStreams } from "../../src/http/apply_to_streams.ts";
import { channelState, type SourceStatus } from "../../src/http/page_socket/channel_state.ts";
import { createPageSockets } from "../../src/http/page_socket/page_sockets.ts";
import { PostLimit } from "../../src/http/post_limit.ts";
import { ResponseCounts } from "../../src/http/response_counts.ts";
import { type Health, type PictureControl, studioState } from "../../src/http/studio_state.ts";
import { startServer } from "../../src/http/server.ts";
import { readStaticFiles } from "../../src/http/static_files.ts";
import { Secret, TOKEN_REASONS } from "../../src/http/secret.ts";
import { ViewerPassword } from "../../src/http/viewer_password.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { Audience } from "../../src/audience/audience.ts";
import { StreamSessions } from "../../src/audience/stream_sessions.ts";
import { ViewerChoices } from "../../src/consumers/session/choices.ts";
import { StreamConditions } from "../../src/consumers/session/conditions.ts";
import { SourceRate } from "../../src/consumers/session/source_rate.ts";
import { Program } from "../../src/producers/program.ts";
import { recordingLog } from "./recording_log.ts";

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
  /** For HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The source's controls. Default: there is no camera. */
  readonly controls?: CameraControls;
  /** Whether the camera's own pictures are passed on. Default: true. */
  readonly copies?: boolean;
  /** Monotonic time of the community, of page sockets and of the token's lock. */
  readonly now?: () => number;
}

/** What opens the studio of a test's server. */
export const ADMIN_TOKEN = "the-streamers-token";

/** A real server on a free port of loopback, with the camera in the test's hands. */
export async function startTestServer(options: TestServerOptions = {}) {
  const { maxViewers = 10, page = "", allowedOrigins = [], donateUrl = null, now } = options;
  const { copies = true } = options;
  const log = recordingLog();
  const camera = new Stream({ name: "camera", transcoder: appending });
  const hub = new Stream({ name: "program", transcoder: appending });
  const sourceRate = new SourceRate(30);
  const sessionsOf = (stream: Stream) =>
    new StreamSessions(
      stream,
      new StreamConditions({ source: sourceRate, gaming: { quality: 40 } }),
    );
  const registry = new Audience({
    program: sessionsOf(hub),
    camera: sessionsOf(camera),
    limits: { maxViewers, maxPerAddress: options.maxPerAddress ?? maxViewers, uplink: null },
    log,
  });
  const ownStore = options.store ? null : openStore(":memory:");
  const store = options.store ?? ownStore!;
  const clock = now ? { ...SYSTEM_CLOCK, monotonic: now } : SYSTEM_CLOCK;
  const community = createCommunity({ store, log, clock });
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
  const health: Record<keyof Health, string | null> = {
    source: null,
    ffmpeg: null,
    store: null,
    workers: null,
  };
  const channel = new Channel({
    title: "<Tea> & cake",
    offAir: false,
    store: store.channel,
    log,
  });
  channel.events.on("change", () => program.follow());
  const program = new Program({
    camera,
    channel,
    drawCard: () => Promise.resolve(CARD_JPEG),
    log,
  });
  hub.take(program.packets());
  const choices = new ViewerChoices((id) => registry.isWatching(id));
  const liveServices = {
    ...community,
    channel,
    registry,
    settings: choices,
    source: () => status.current,
    sourceRate,
    camera,
    sources,
    picture,
    motion: () => 0.25,
    streamerToken: new Secret({
      secret: options.adminToken ?? ADMIN_TOKEN,
      reasons: TOKEN_REASONS,
      now,
    }),
    posts: new PostLimit(clock),
    donateUrl,
    instanceId: "this run",
    health: () => health,
    startedAt: Date.now(),
  };
  const metrics: { current: { render(): Promise<string> } | null } = { current: null };
  const { posts, instanceId } = liveServices;
  const pageSockets = createPageSockets({
    ...{ channel, community, audience: registry, choices, posts, instanceId, clock },
    state: () => channelState(liveServices),
    studio: () => studioState(liveServices),
    maxSockets: options.maxSockets ?? 100,
    maxPerAddress: options.maxSocketsPerAddress ?? 100,
    log,
  });
  applyToStreams({ community, choices, audience: registry });
  const services = {
    ...liveServices,
    pageSockets,
    connections: new ConnectionKeeper({ log, isSecure: options.tls !== undefined }),
    get title() {
      return channel.title;
    },
    asked: { width: 1280, height: 720, fps: 30 },
    controls: options.controls ?? new CameraControls({ device: () => null, wanted: [], log }),
    copies: () => copies,
    hub,
    snapshots: new Snapshots({ stream: hub }),
    counters: () => ({ damaged: 3 }),
    metrics: () => metrics.current?.render() ?? null,
    responses: new ResponseCounts(),
    page,
    networkUrl: () => "http://10.0.0.5:8081/",
    viewerPassword: options.password === undefined
      ? null
      : new ViewerPassword({ password: options.password, kept: store.secret, monotonic: now }),
    allowedOrigins,
  };
  const files = new Map(await readStaticFiles(new URL("../../static/", import.meta.url)));
  for (const [path, text] of Object.entries(options.files ?? {})) {
    files.set(path, new TextEncoder().encode(text));
  }
  const { allowHost, trustedProxy, basePath, tls } = options;
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    allowHost,
    trustedProxy,
    basePath,
    networks: new Networks(),
    tls,
    files,
    services,
    log,
  }).catch((error) => {
    ownStore?.close();
    throw error;
  });
  const origin = `${tls ? "https" : "http"}://127.0.0.1:${server.port}`;
  return {
    ...community,
    channel,
    hub,
    pageSockets,
    registry,
    sourceRate,
    sources,
    picture,
    status,
    /** Takes the camera's frames, as capture gives them. */
    camera,
    log,
    services,
    files,
    health,
    metrics,
    port: server.port,
    origin,
    /** Requests a path; redirects are given as they are. */
    get: (path: string, init: RequestInit = {}) =>
      fetch(origin + path, { redirect: "manual", ...init }),
    async [Symbol.asyncDispose]() {
      pageSockets.close();
      registry.close();
      await program.stop();
      await server.stop();
      ownStore?.close();
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** Headers and picture of one part of a stream. */
export interface ReceivedPart {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Reads a multipart stream part by part, by their Content-Length. */
export async function* readParts(response: Response): AsyncGenerator<ReceivedPart> {
  let rest = new Uint8Array();
  for await (const chunk of response.body!) {
    rest = new Uint8Array([...rest, ...chunk]);
    while (true) {
      const text = new TextDecoder("latin1").decode(rest);
      const head = /^(?:\r\n)?--frame\r\n([^]*?)\r\n\r\n/.exec(text);
      if (!head) break;
      const headers = new Headers(
        head[1].split("\r\n").map((line) => line.split(": ") as [string, string]),
      );
      const end = head[0].length + Number(headers.get("content-length"));
      // The boundary after the picture must have come with it.
      if (!text.slice(end).startsWith("\r\n--frame\r\n")) break;
      yield { headers, body: rest.subarray(head[0].length, end) };
      rest = rest.slice(end);
    }
  }
}

/** The id cookie that the page gives a new viewer, as a request header. */
export async function newViewer(
  server: { get(path: string): Promise<Response> },
): Promise<{ cookie: string }> {
  const response = await server.get("/");
  await response.body?.cancel();
  return { cookie: response.headers.get("set-cookie")!.split(";")[0] };
}
