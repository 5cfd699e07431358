import type { StartTime } from "../channel/start_time.ts";
import type { LazyMetrics } from "../metrics/lazy_metrics.ts";
import type { NetworkAddress } from "../net/network_address.ts";
import type { Store } from "../store/open.ts";
import type { TranscoderPool } from "../transcode/pool.ts";
import type { AssemblyParts } from "./assembly.ts";
import type { CameraSource } from "./source.ts";

/** The parts that {@linkcode createReport} reads. */
export interface ReportedParts {
  readonly source: CameraSource;
  readonly pool: TranscoderPool;
  readonly store: Pick<Store, "failing">;
  readonly metrics: LazyMetrics;
  readonly address: NetworkAddress;
  readonly startTime: StartTime;
}

/** Returns what the program reports of itself, read anew at each call. */
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
      superseded: switcher.stats.superseded + pool.stats.superseded,
      unturned: turner.stats.superseded + turner.stats.corrupt,
    }),
  };
}
