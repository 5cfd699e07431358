import { concat } from "../../media/jpeg/concat.ts";
import { type MatroskaBlock, matroskaCluster } from "../../media/matroska_clusters.ts";
import { matroskaFileHead } from "../../media/matroska_file.ts";
import { OPUS_RATE } from "../../media/opus.ts";
import type { Passage } from "../passages/passage.ts";
import { PassageTimes } from "../passages/passage_times.ts";
import type { SegmentMuxer, SegmentStart } from "./segment_muxer.ts";

/** Blocks further than this from their cluster's time go into another cluster. Milliseconds. */
const MAX_CLUSTER_MS = 5_000;

/** Writes Matroska with the JPEGs as they come: a cluster for each passage. */
export class MkvMuxer implements SegmentMuxer {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly #times: PassageTimes;
  #duration = 0;

  /** Begins a file. */
  constructor({ format, hasSound }: SegmentStart) {
    this.head = matroskaFileHead({ size: format, hasSound });
    this.#times = new PassageTimes({ hasSound });
  }

  get duration(): number {
    return this.#duration;
  }

  write(passage: Passage): Uint8Array<ArrayBuffer> {
    const { pictures, sound, end } = this.#times.place(passage);
    this.#duration = end;
    const blocks: MatroskaBlock[] = [
      ...pictures.map(({ picture: { data }, time }) => ({
        track: "pictures" as const,
        time: Math.round(time),
        data,
      })),
      ...sound.map(({ data, time }) => ({
        track: "sound" as const,
        time: Math.round(time * 1_000 / OPUS_RATE),
        data,
      })),
    ];
    blocks.sort((one, other) => one.time - other.time);
    const clusters: MatroskaBlock[][] = [];
    for (const block of blocks) {
      const cluster = clusters.at(-1);
      if (cluster && block.time - cluster[0].time < MAX_CLUSTER_MS) cluster.push(block);
      else clusters.push([block]);
    }
    return concat(...clusters.map((cluster) => matroskaCluster(cluster[0].time, cluster)));
  }
}
