import { Hub } from "./broadcast/hub.ts";
import { Capture } from "./capture/capture.ts";
import { Donations } from "./community/donations.ts";
import { type Server, startServer } from "./http/server.ts";
import { readStaticFiles } from "./http/static_files.ts";
import type { Logger } from "./log.ts";
import { GamingQuality } from "./motion/gaming.ts";
import { MotionMeter } from "./motion/measure.ts";
import type { Options } from "./options.ts";
import { TranscoderPool } from "./transcode/pool.ts";
import { Registry } from "./viewers/registry.ts";
import { SettingsStore } from "./viewers/settings.ts";

/** The whole program, running. */
export interface App {
  /** Where it listens. */
  readonly port: number;
  /** Ends every part in the reverse order of its start. */
  stop(): Promise<void>;
}

/** How often the hub and the registry look at the clock. Milliseconds. */
const TICK_MS = 250;

/**
 * Builds every part in the order a frame passes it and starts them.
 *
 * @throws {UserError} The source or ffmpeg is not there, or the port cannot be listened on.
 */
export async function startApp(options: Options, log: Logger): Promise<App> {
  const startedAt = Date.now();
  const files = await readStaticFiles(new URL("../static/", import.meta.url));

  const capture = new Capture({
    ...options,
    log,
    onFrame(jpeg) {
      hub.publish(jpeg);
      if (capture.state.live) registry.countFrame(jpeg.length);
    },
    onState: (state) => log.debug("The source's state changed", { ...state }),
  });
  const gaming = new GamingQuality();
  const meter = new MotionMeter();
  const motion = {
    due: (at: number) => meter.due(at),
    observe: (...measured: Parameters<MotionMeter["observe"]>) => {
      const movement = meter.observe(...measured);
      if (movement) gaming.advance(movement);
    },
  };
  const pool = new TranscoderPool({ codec: options.codec, workers: options.workers, log });
  const hub = new Hub({ transcoder: pool, motion });
  const { maxViewers, uplink, fps } = options;
  const registry = new Registry({ broadcast: hub, gaming, maxViewers, uplink, fps, log });

  const services = {
    title: options.title,
    asked: options,
    hub,
    registry,
    settings: new SettingsStore(),
    donations: new Donations(),
    source: () => capture.state,
    counters: () => ({ ...capture.stats, ...pool.stats, stalled: registry.stalled }),
    page: new TextDecoder().decode(files.get("/index.html")),
    instanceId: crypto.randomUUID(),
    startedAt,
  };
  const ticker = setInterval(() => {
    hub.tick();
    registry.tick();
  }, TICK_MS);

  let server: Server | undefined;
  const stop = async () => {
    clearInterval(ticker);
    registry.close();
    await server?.stop();
    pool.stop();
    await capture.stop();
  };
  try {
    server = await startServer({ ...options, files, services, log });
    await capture.start();
    return { port: server.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
