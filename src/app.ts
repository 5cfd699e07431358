import { assemble } from "./app/assembly.ts";
import { createDiscovery } from "./app/discovery.ts";
import { openInstallation } from "./app/installation.ts";
import { openRecording } from "./app/recording.ts";
import { startIntegrations } from "./app/integrations.ts";
import { openOutgoing } from "./app/outgoing.ts";
import { createReport, metricSources } from "./app/report.ts";
import { CameraSource } from "./app/source.ts";
import { checkEncoder } from "./app/video_tracks.ts";
import { Attendance } from "./audience/attendance.ts";
import { Channel } from "./channel/channel.ts";
import { newToken } from "./channel/secret.ts";
import { StartTime } from "./channel/start_time.ts";
import { SYSTEM_CLOCK } from "./clock.ts";
import { SourceRate } from "./consumers/session/source_rate.ts";
import type { Log } from "./log/log.ts";
import { EventLoopLag } from "./metrics/event_loop_lag.ts";
import { LazyMetrics } from "./metrics/lazy_metrics.ts";
import { MotionFollower } from "./motion/follower.ts";
import { FloodGuard } from "./net/connections/flood_guard.ts";
import { NetworkAddress } from "./net/network_address.ts";
import { offAirPicture } from "./pictures/off_air.ts";
import { currentSystem } from "./producers/ffmpeg/source.ts";
import { OwnSound } from "./producers/sound/own_sound.ts";
import { SoundSwitcher } from "./producers/sound/switcher.ts";
import { Lineage } from "./streams/lineage.ts";
import type { Options } from "./terminal/options.ts";
import { TranscoderPool } from "./transcode/pool.ts";

/** The whole program, running. */
export interface App {
  /** Where it listens. */
  readonly port: number;
  /** What opens the studio; a secret. */
  readonly adminToken: string;
  /** Whether it answers by HTTPS alone. */
  readonly isSecure: boolean;
  /** The fingerprint of a self-signed certificate; else `null`. */
  readonly fingerprint: string | null;
  /** The page by its name in the local networks, `http://livestream.local:8081/`; `null` if there is none. */
  readonly localUrl: string | null;
  /** The title and whether viewers see the camera, which the streamer may have set before this start. */
  readonly channel: Pick<Channel, "title" | "onAir">;
  /** Ends every part in the reverse order of its start. */
  stop(): Promise<void>;
}

/** How often parts do what is due. Milliseconds. */
const TICK_MS = 250;

/**
 * Builds every part in the order in which a frame passes it, and starts them.
 *
 * @param ending Settles when the program is to end; then no source is waited for any more.
 * @throws {UserError} The source, ffmpeg, the port or the data file cannot be used.
 */
export async function startApp(
  options: Options,
  log: Log,
  ending: Promise<unknown>,
): Promise<App> {
  await using parts = new AsyncDisposableStack();
  const { password, maxViewers, maxPerAddress, uplink, fps } = options;
  const adminToken = options.adminToken ?? newToken();
  for (const secret of [adminToken, password]) if (secret !== null) log.hide(secret);
  const startTime = new StartTime();
  const { files, tls, store } = await openInstallation(options, log);
  parts.defer(() => store.close());
  const recording = await openRecording(options);
  parts.defer(() => recording?.storage.close());
  const outgoing = openOutgoing(options, log);
  parts.defer(() => outgoing?.[Symbol.dispose]());
  await checkEncoder(options.ffmpeg, options.h264, log);
  const channel = new Channel({ ...options, store: store.channel, log });

  const lineage = new Lineage();
  const sourceRate = new SourceRate(fps);
  const source = new CameraSource({ options, channel, rate: sourceRate, lineage, log });
  const { picture } = source.switcher;
  const ownSound = new OwnSound(picture);
  const sound = new SoundSwitcher({
    source: options.sound,
    bitRate: options.soundBitrate,
    pictureSound: (chosen) => ownSound.of(chosen),
    ffmpeg: { program: options.ffmpeg, system: currentSystem(), log },
  });
  const metrics = new LazyMetrics();
  const onJob = (milliseconds: number) => metrics.encoded(milliseconds);
  const pool = new TranscoderPool({ ...options, log, onJob });
  const address = new NetworkAddress();
  const discovery = createDiscovery(options, channel, log);
  parts.use(discovery);
  const assembly = await assemble({
    ...{ ...options, tls, adminToken, isTokenRandom: options.adminToken === null },
    limits: { maxViewers, maxPerAddress, uplink },
    instanceId: crypto.randomUUID(),
    localName: () => discovery.host,
    sound: { delay: options.soundDelay, onDemand: options.soundOnDemand },
    past: options,
    ...{ recording, outgoing },
  }, {
    ...{
      store,
      files,
      channel,
      source,
      sound,
      sourceRate,
      lineage,
      transcoder: pool,
      log,
      clock: SYSTEM_CLOCK,
    },
    motion: new MotionFollower(),
    drawCard: (title) => offAirPicture({ ...source.size, title }),
    report: createReport({ source, pool, store, metrics, address, startTime }),
  });
  const { camera, audience } = assembly;
  const flow = camera.take(source.packets());
  picture.events.on("source", () => sound.pictureChanged());
  const soundFlow = assembly.sound.run();
  parts.defer(async () => {
    pool.stop();
    await Promise.all([source.stop(), sound.stop()]);
    await Promise.all([flow, soundFlow]);
  });
  parts.use(assembly);

  const server = assembly.listen();
  const isSecure = tls !== null;
  address.set({ ...options, port: server.port, isSecure });
  discovery.start({ port: server.port, isSecure });
  if (Deno.build.os === "linux") {
    const congestion = assembly.connections.congestionLine();
    if (congestion !== null) log.debug(congestion);
    audience.kernel.start();
    parts.defer(() => audience.kernel.stop());
  }
  const lag = new EventLoopLag({ log, onLag: (milliseconds) => metrics.lagged(milliseconds) });
  lag.start();
  parts.defer(() => lag.stop());
  const attendance = new Attendance({
    log,
    onChange: (isAnyoneHere) => assembly.events.attendance(isAnyoneHere),
  });
  const informed = outgoing && startIntegrations(options, {
    ...{ assembly, channel, address, secret: store.secret, outgoing, log },
  });
  parts.defer(() => informed?.[Symbol.asyncDispose]());
  const ticker = setInterval(() => {
    assembly.tick();
    informed?.tick();
    attendance.observe(audience.count);
    metrics.tick();
    log.settle();
  }, TICK_MS);
  parts.defer(() => clearInterval(ticker));
  // Loading the metrics takes no longer than a camera takes to answer.
  await Promise.all([
    Promise.race([source.switcher.start(), ending]),
    metrics.load(
      metricSources({ source, sound, pool, startTime, assembly, channel, store, server, log }),
    ),
  ]);
  if (Deno.build.os === "linux") parts.use(new FloodGuard({ port: server.port, log }));
  const running = parts.move();
  const fingerprint = tls?.fingerprint ?? null;
  return {
    ...{ port: server.port, adminToken, isSecure, fingerprint, channel },
    get localUrl() {
      return discovery.url;
    },
    stop() {
      assembly.broadcast.end();
      return running.disposeAsync();
    },
  };
}
