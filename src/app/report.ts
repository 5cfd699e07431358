import type { Channel } from "../channel/channel.ts";
import type { Server } from "../http/server.ts";
import type { Log } from "../log/log.ts";
import type { Assembly } from "./assembly.ts";
import type { StartTime } from "../channel/start_time.ts";
import type { SoundProducer } from "../producers/sound/sound_producer.ts";
import type { LazyMetrics } from "../metrics/lazy_metrics.ts";
import type { NetworkAddress } from "../net/network_address.ts";
import type { Store } from "../store/open.ts";
import type { TranscoderPool } from "../transcode/pool.ts";
import type { MetricSources } from "../metrics/sources.ts";
import type { AssemblyParts } from "./parts.ts";
import type { CameraSource } from "./source.ts";

/** The parts that {@linkcode createReport} reads. */
export interface ReportedParts {
  /** Counts frames, and knows why there are none. */
  readonly source: CameraSource;
  /** Makes renditions. */
  readonly pool: TranscoderPool;
  /** Keeps chat and donations. */
  readonly store: Pick<Store, "failing">;
  /** Renders metrics. */
  readonly metrics: LazyMetrics;
  /** Where other devices find the page. */
  readonly address: NetworkAddress;
  /** When the program started. */
  readonly startTime: StartTime;
}

/** Returns what the program reports about itself, read at each call. */
export function createReport(parts: ReportedParts): AssemblyParts["report"] {
  const { source: { switcher, turner }, pool, store, metrics, address, startTime } = parts;
  return {
    metrics: () => metrics.render(),
    networkUrl: () => address.url,
    startedAt: () => startTime.at,
    health: () => ({
      source: switcher.details.reason,
      ffmpeg: switcher.startFailure,
      store: store.failing,
      workers: pool.shortage,
    }),
    counters: () => ({
      ...switcher.stats,
      ...pool.stats,
      unturned: turner.stats.superseded + turner.stats.corrupt,
    }),
  };
}

/** What {@linkcode metricSources} reads beside the {@linkcode ReportedParts}. */
export interface MeasuredParts extends Pick<ReportedParts, "source" | "pool" | "startTime"> {
  /** The sessions, the sound, the community and the page sockets. */
  readonly assembly: Pick<
    Assembly,
    | "audience"
    | "presence"
    | "community"
    | "pageSockets"
    | "video"
    | "programs"
    | "publications"
    | "kept"
    | "soundStream"
    | "pageSound"
  >;
  /** Counts packets of sound. */
  readonly sound: SoundProducer;
  /** Whether it is on air. */
  readonly channel: Channel;
  /** Counts its failures. */
  readonly store: Store;
  /** Counts responses. */
  readonly server: Server;
  /** Counts messages. */
  readonly log: Log;
}

/** Returns what metrics are read from. */
export function metricSources(parts: MeasuredParts): MetricSources {
  const { source, sound, pool, startTime, assembly, channel, store, server, log } = parts;
  const { audience, presence, community, pageSockets, soundStream, pageSound, video } = assembly;
  return {
    ...{ capture: source.switcher, turner: source.turner, pool, audience, pageSockets, channel },
    ...{ video, programs: assembly.programs, publications: assembly.publications },
    ...{ microphone: sound, sound: soundStream, pageSound },
    ...{ chat: community.chat, reactions: community.reactions },
    ...{ donations: community.donations, store },
    past: {
      get bytes() {
        return assembly.kept.studio().rewind?.bytes ?? 0;
      },
      get seconds() {
        return assembly.kept.rewind()?.seconds ?? 0;
      },
    },
    startedAt: startTime.at,
    people: () => presence.count,
    responses: server.responses,
    logged: log.counts,
  };
}
