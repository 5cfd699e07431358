import { element, numberBytes } from "./ebml.ts";

/** Element ids (RFC 9559), with their length markers. */
const ID = {
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const;

/** The id of a cluster. */
export const CLUSTER_ID: number = ID.cluster;

/** The id of a cluster's timestamp, its first element. */
export const TIMESTAMP_ID: number = ID.timestamp;

/** The id of the cues. */
export const CUES_ID: number = ID.cues;

/** The tracks' numbers, which are their types too (RFC 9559 section 5.1.4.1.3). */
export const TRACK = { pictures: 1, sound: 2 } as const;

/** Of a block: it can be decoded without others. */
const KEY_FLAG = 0x80;

/** A block of a cluster. */
export interface MatroskaBlock {
  /** Which track it is of. */
  readonly track: "pictures" | "sound";
  /** Whole milliseconds from the beginning of the file. */
  readonly time: number;
  /** The JPEG or Opus packet. */
  readonly data: Uint8Array;
}

/** Where a cluster begins, for the cues. */
export interface ClusterPlace {
  /** Whole milliseconds. */
  readonly time: number;
  /** From the beginning of the file. */
  readonly offset: number;
}

/**
 * Returns a cluster, which a reader can use at once.
 *
 * @param time Whole milliseconds from the beginning of the file; blocks are less than 32 s from it.
 */
export function matroskaCluster(
  time: number,
  blocks: readonly MatroskaBlock[],
): Uint8Array<ArrayBuffer> {
  const parts = blocks.flatMap(({ track, time: at, data }) => {
    const head = new Uint8Array(4 + 4 + 1);
    const view = new DataView(head.buffer);
    view.setUint8(0, ID.simpleBlock);
    view.setUint32(1, 0x1000_0000 + 4 + data.length);
    view.setUint8(5, 0x80 | TRACK[track]);
    view.setInt16(6, at - time);
    view.setUint8(8, KEY_FLAG);
    return [head, data];
  });
  return element(ID.cluster, element(ID.timestamp, numberBytes(time)), ...parts);
}

/**
 * Returns the cues: where each cluster begins.
 *
 * @param contentsAt Where the contents of the segment begin in the file.
 */
export function matroskaCues(
  clusters: readonly ClusterPlace[],
  contentsAt: number,
): Uint8Array<ArrayBuffer> {
  return element(
    ID.cues,
    ...clusters.map(({ time, offset }) =>
      element(
        ID.cuePoint,
        element(ID.cueTime, numberBytes(time)),
        element(
          ID.cueTrackPositions,
          element(ID.cueTrack, numberBytes(TRACK.pictures)),
          element(ID.cueClusterPosition, numberBytes(offset - contentsAt)),
        ),
      )
    ),
  );
}
