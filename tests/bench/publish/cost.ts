import { temporaryFolder } from "../../store/temporary_folder.ts";
import { childrenRunning } from "../../support/children_running.ts";
import { startRtmpServer } from "../../support/rtmp_server.ts";
import { buildLoad, load } from "../load.ts";
import { CpuMeter } from "../video/cpu_meter.ts";
import { withVideoServer } from "../video/video_server.ts";
import { setTimeout as delay } from "node:timers/promises";

/** Viewers of the JPEGs. */
const VIEWERS = 20;

const WARM_UP_MS = 8_000;

/** The ffmpegs that publish. */
const PUBLISHES = /-f flv -i pipe:0/;

export interface PublishingFigures {
  /** How many targets there were. */
  readonly targets: number;
  /** Of the median viewer. */
  readonly fps: number;
  /** Of a viewer's JPEGs on arrival. Milliseconds. */
  readonly age: { readonly median: number; readonly p99: number };
  /** Cores of the server, without its ffmpegs. */
  readonly server: number;
  /** Cores of one ffmpeg that publishes; `null` if there is none. */
  readonly publisher: number | null;
}

/** Measures the server without targets and with three. Both record, so that the encoder runs in both. */
export async function publishingCost(seconds: number): Promise<PublishingFigures[]> {
  const program = await buildLoad();
  if (!program) throw new Error("There is no load program beside the project");
  const figures: PublishingFigures[] = [];
  for (const targets of [0, 3]) {
    await using server = await startRtmpServer();
    using folder = temporaryFolder();
    const publish = Array.from({ length: targets }, (_, i) => `--publish=${server.url}${i}`);
    figures.push(
      await withVideoServer(async ({ port, pid }) => {
        await delay(WARM_UP_MS);
        const meter = await CpuMeter.start(() => childrenRunning(pid, PUBLISHES));
        const { fps, age_ms, cpu_cores } = await load(program, {
          ...{ port, pid, path: "/stream", viewers: VIEWERS, seconds },
        });
        const cores = await meter.cores();
        return {
          ...{ targets, fps: fps.median, age: age_ms, server: cpu_cores },
          publisher: targets === 0 ? null : cores / targets,
        };
      }, { args: [`--record=${folder.path}`, ...publish] }),
    );
  }
  return figures;
}
