import { type ListeningAt, sharedAddress, viewerAddresses } from "./net/addresses.ts";
import { SocketWatch } from "./audience/socket_watch.ts";
import { Snapshots } from "./streams/snapshots.ts";
import { Stream } from "./streams/stream.ts";
import { CameraControls } from "./camera_controls/camera_controls.ts";
import { currentSystem } from "./producers/ffmpeg/source.ts";
import { Program } from "./producers/program.ts";
import { Switcher } from "./producers/switcher.ts";
import { offAirPicture } from "./pictures/off_air.ts";
import { applyToStreams } from "./http/apply_to_streams.ts";
import { createCommunity } from "./channel/community.ts";
import { ConnectionKeeper } from "./net/connections/connection_keeper.ts";
import { FloodGuard } from "./net/connections/flood_guard.ts";
import { Channel } from "./channel/channel.ts";
import { TrustedProxies } from "./http/client_address.ts";
import { connectionClients, maxConnectionsOfClient } from "./http/connection_client.ts";
import { machineNames } from "./http/host_list.ts";
import { requireListening } from "./http/listen_error.ts";
import { channelState, countPeople } from "./http/page_socket/channel_state.ts";
import { createPageSockets } from "./http/page_socket/page_sockets.ts";
import { PostLimit } from "./http/post_limit.ts";
import { ResponseCounts } from "./http/response_counts.ts";
import { type Server, startServer } from "./http/server.ts";
import { studioState } from "./http/studio_state.ts";
import { StartTime } from "./http/start_time.ts";
import { readStaticFiles } from "./http/static_files.ts";
import { Secret, TOKEN_REASONS } from "./http/secret.ts";
import { ViewerPassword } from "./http/viewer_password.ts";
import type { Log } from "./log/log.ts";
import { EventLoopLag } from "./metrics/event_loop_lag.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { GamingQuality } from "./motion/gaming.ts";
import { MotionMeter } from "./motion/measure.ts";
import { Networks } from "./net/networks.ts";
import type { Options } from "./terminal/options.ts";
import { prepareToDraw } from "./pictures/text.ts";
import { chooseData, defaultDataPath } from "./store/data_path.ts";
import { openStore } from "./store/open.ts";
import { loadCredentials } from "./tls/credentials.ts";
import { TranscoderPool } from "./transcode/pool.ts";
import { Attendance } from "./audience/attendance.ts";
import { Turner } from "./transcode/turner.ts";
import { Audience } from "./audience/audience.ts";
import { StreamSessions } from "./audience/stream_sessions.ts";
import { ViewerChoices } from "./consumers/session/choices.ts";
import { StreamConditions } from "./consumers/session/conditions.ts";
import { SourceRate } from "./consumers/session/source_rate.ts";

/** The whole program, running. */
export interface App {
  /** Where it listens. */
  readonly port: number;
  /** What opens the studio; a secret. */
  readonly adminToken: string;
  /** Whether it answers by HTTPS alone. */
  readonly isSecure: boolean;
  /** By which people know its certificate, where nobody vouches for that; else `null`. */
  readonly fingerprint: string | null;
  /** As viewers see it, which a streamer may have set before this start. */
  readonly title: string;
  /** Whether viewers see the camera. */
  readonly isOnAir: boolean;
  /** Ends every part in the reverse order of its start. */
  stop(): Promise<void>;
}

/** How often the streams, the audience and the page sockets look at the clock. Milliseconds. */
const TICK_MS = 250;

/** Live connections beside those of the viewers: studios, and pages that are paused. */
const SPARE_SOCKETS = 50;
const SPARE_SOCKETS_OF_ADDRESS = 10;

/** Motion measured longer ago than this says nothing of now. Milliseconds. */
const MOTION_STALE_MS = 1000;

/**
 * Builds every part in the order a frame passes it and starts them.
 *
 * @param ending Settles when the program is to end; no source is waited for any more then.
 * @throws {UserError} The source or ffmpeg is not there, the port cannot be listened on, or the
 * file of the chat cannot be used.
 */
export async function startApp(
  options: Options,
  log: Log,
  ending: Promise<unknown>,
): Promise<App> {
  const startTime = new StartTime();
  const token = options.adminToken ?? newToken();
  log.hide(token);
  if (options.password !== null) log.hide(options.password);
  const files = await readStaticFiles(new URL("../static/", import.meta.url));
  await prepareToDraw();

  const data = options.data ?? defaultDataPath(Deno.env, Deno.build.os);
  const tls = await loadCredentials({
    ...options,
    data,
    machineNames: machineNames(),
    onNotice: (sentence) => log.warn(sentence),
  });
  const isSecure = tls !== null;

  const { host, port } = options;
  // Which port "any free port" stands for is known too late, and another one each time.
  const ownData = options.data !== null || port === 0
    ? null
    : defaultDataPath(Deno.env, Deno.build.os, port);
  const store = openStore(chooseData(data, ownData), {
    onNotice: (sentence) => log.warn(sentence),
    otherwise: ownData === null ? undefined : () => {
      // Two servers on one port need no second file.
      requireListening(host, port);
      return ownData;
    },
  });

  const turner = new Turner({
    turn: { rotate: options.rotate, flip: options.flip },
    log,
  });
  const cardSize = () => turner.sizeOf(options);
  const capture = new Switcher({
    source: options.source,
    wanted: options,
    ffmpeg: { program: options.ffmpeg, system: currentSystem(), log },
    card: () => ({ ...cardSize(), title: channel.title }),
  });
  capture.events.on("state", (state) => {
    log.debug("The source's state changed", { ...state });
    pageSockets.updateState();
    controls.follow(state.live);
  });
  capture.events.on("resume", () => {
    // A USB camera that was reset has forgotten its controls.
    controls.follow(false);
    controls.follow(true);
  });
  const controls = new CameraControls({
    device: () => capture.device,
    wanted: options.control,
    log,
  });
  const gaming = new GamingQuality();
  const meter = new MotionMeter();
  let newestMotion = { intensity: 0, at: -Infinity };
  const motion = {
    due: (at: number) => meter.due(at),
    observe: (...measured: Parameters<MotionMeter["observe"]>) => {
      const movement = meter.observe(...measured);
      if (!movement) return;
      gaming.advance(movement);
      newestMotion = { intensity: movement.intensity, at: performance.now() };
    },
  };
  const pool = new TranscoderPool({
    codec: options.codec,
    workers: options.workers,
    log,
    onJob: (milliseconds) => metrics?.encoded(milliseconds),
  });
  const { maxViewers, maxPerAddress, uplink, fps } = options;
  const source = new SourceRate(fps);
  const cameraConditions = new StreamConditions({ source, gaming });
  const camera = new Stream({
    name: "camera",
    transcoder: pool,
    onPart: (part) => cameraConditions.measured(part),
  });
  const programConditions = new StreamConditions({ source, gaming });
  const program = new Stream({
    name: "program",
    transcoder: pool,
    motion,
    onPart: (part) => programConditions.measured(part),
  });
  const snapshots = new Snapshots({ stream: program });
  const channel = new Channel({
    ...options,
    store: store.channel,
    log,
  });
  channel.events.on("change", () => onAir.follow());
  const onAir = new Program({
    camera,
    channel,
    drawCard: (title) => offAirPicture({ ...cardSize(), title }),
    log,
  });
  program.take(onAir.packets());
  if (!channel.onAir) await onAir.follow();
  const registry = new Audience({
    program: new StreamSessions(program, programConditions),
    camera: new StreamSessions(camera, cameraConditions),
    limits: { maxViewers, maxPerAddress, uplink },
    log,
  });

  async function* counted() {
    for await (const frame of capture.packets()) {
      if (!frame.isCard) source.count(frame.data.length);
      yield frame;
    }
  }

  const community = createCommunity({ store, log });
  const choices = new ViewerChoices((id) => registry.isWatching(id));
  const liveServices = {
    ...community,
    channel,
    registry,
    settings: choices,
    source: () => capture.state,
    sourceRate: source,
    camera,
    sources: {
      get current() {
        return capture.source;
      },
      get name() {
        return capture.details.source;
      },
      get reason() {
        return capture.details.reason;
      },
      list: () => capture.sources(),
      switchTo: (source: string) => capture.switchTo(source),
    },
    picture: {
      get turn() {
        return turner.turn;
      },
      set turn(turn) {
        turner.turn = turn;
        capture.redrawCard();
        onAir.redrawCard();
      },
    },
    health: () => ({
      source: capture.details.reason,
      ffmpeg: capture.startFailure,
      store: store.failing,
      workers: pool.running < options.workers
        ? `Only ${pool.running} of ${options.workers} threads run; the others are started again`
        : null,
    }),
    motion: () =>
      performance.now() - newestMotion.at < MOTION_STALE_MS ? newestMotion.intensity : null,
    streamerToken: new Secret({
      secret: token,
      reasons: TOKEN_REASONS,
      isRandom: options.adminToken === null,
    }),
    posts: new PostLimit(),
    donateUrl: options.donateUrl,
    instanceId: crypto.randomUUID(),
    get startedAt() {
      return startTime.at;
    },
  };
  const { posts, instanceId } = liveServices;
  const pageSockets = createPageSockets({
    ...{ channel, community, audience: registry, choices, posts, instanceId },
    state: () => channelState(liveServices),
    studio: () => studioState(liveServices),
    maxSockets: 2 * maxViewers + SPARE_SOCKETS,
    maxPerAddress: 2 * maxPerAddress + SPARE_SOCKETS_OF_ADDRESS,
    log,
  });
  applyToStreams({ community, choices, audience: registry });
  const networks = new Networks();
  const services = {
    ...liveServices,
    pageSockets,
    get startedAt() {
      return startTime.at;
    },
    connections: new ConnectionKeeper({
      log,
      maxPerClient: maxConnectionsOfClient(maxPerAddress),
      clientOf: connectionClients(new TrustedProxies(options.trustedProxy), networks),
      isSecure,
    }),
    get title() {
      return channel.title;
    },
    get asked() {
      return { ...cardSize(), fps };
    },
    controls,
    copies: () => capture.copies,
    hub: program,
    snapshots,
    counters: () => ({
      ...capture.stats,
      ...pool.stats,
      superseded: capture.stats.superseded + pool.stats.superseded,
      unturned: turner.stats.superseded + turner.stats.corrupt,
      stalled: registry.stalled,
    }),
    metrics: () => metrics?.render() ?? null,
    responses: new ResponseCounts(),
    page: new TextDecoder().decode(files.get("/index.html")),
    networkUrl: () => server ? networkUrl({ ...options, port: server.port, isSecure }) : null,
    viewerPassword: options.password === null
      ? null
      : new ViewerPassword({ password: options.password, kept: store.secret }),
    allowedOrigins: options.allowOrigin,
  };
  const attendance = new Attendance({ log });
  const shown = camera.take(turner.packets(counted()));
  const ticker = setInterval(() => {
    camera.tick();
    program.tick();
    snapshots.tick();
    registry.tick();
    attendance.observe(registry.count);
    pageSockets.tick();
    community.celebrations.tick();
    metrics?.tick();
    log.settle();
  }, TICK_MS);
  const lag = new EventLoopLag({
    onLag: (milliseconds) => metrics?.lagged(milliseconds),
    onSlow: (milliseconds) =>
      log.warn(
        "The machine is too slow: lower --resolution or --fps, or end other programs. " +
          `What was due waited up to ${Math.round(milliseconds)} ms`,
      ),
  });
  lag.start();

  let metrics: Metrics | undefined;
  let server: Server | undefined;
  let sockets: SocketWatch | undefined;
  let floods: FloodGuard | undefined;
  const stop = async () => {
    clearInterval(ticker);
    lag.stop();
    pageSockets.close();
    registry.close();
    floods?.[Symbol.dispose]();
    await sockets?.stop();
    await server?.stop();
    pool.stop();
    await capture.stop();
    turner.stop();
    await shown;
    await onAir.stop();
    store.close();
  };
  try {
    server = await startServer({ ...options, networks, tls, files, services, log });
    if (Deno.build.os === "linux") {
      sockets = new SocketWatch({ port: server.port, users: registry.sockets, log });
      sockets.start();
    }
    // Loading the metrics takes no longer than a camera takes to answer.
    const [, { Metrics }] = await Promise.all([
      Promise.race([capture.start(), ending]),
      import("./metrics/metrics.ts"),
    ]);
    if (Deno.build.os === "linux") floods = new FloodGuard({ port: server.port, log });
    const { chat, donations, responses } = services;
    metrics = new Metrics({
      ...{ capture, turner, pool, registry, channel, chat, donations, store },
      live: pageSockets,
      startedAt: startTime.at,
      people: () => countPeople(registry.viewers),
      responses: responses.byStatus,
      logged: log.counts,
    });
    const fingerprint = tls?.fingerprint ?? null;
    return {
      ...{ port: server.port, adminToken: token, isSecure, fingerprint, stop },
      get title() {
        return channel.title;
      },
      get isOnAir() {
        return channel.onAir;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** 128 bits at random, to stand in an address. */
function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Where other devices find the page; `null` where none can. */
function networkUrl(listeningAt: ListeningAt): string | null {
  return sharedAddress(viewerAddresses(listeningAt))?.url ?? null;
}
