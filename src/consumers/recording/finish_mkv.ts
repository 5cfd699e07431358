import { MAX_ELEMENT_HEAD_BYTES, readElementHead, readNumber } from "../../media/ebml.ts";
import {
  CLUSTER_ID,
  type ClusterPlace,
  matroskaCues,
  TIMESTAMP_ID,
} from "../../media/matroska_clusters.ts";
import {
  matroskaFileEnding,
  readMatroskaFile,
  SEGMENT_CONTENTS,
} from "../../media/matroska_file.ts";
import type { SegmentFile } from "./segment_file.ts";

/** The head of a file is not longer. Bytes. */
const MAX_HEAD_BYTES = 1_000;

/** How long the last cluster lasts at least. Milliseconds. */
const LAST_CLUSTER_MS = 40;

/** A block's head: id and length, track, time after its cluster's. */
const BLOCK_HEAD_BYTES = 8;

/**
 * Finishes a file: appends cues, and writes its length and duration into its head. What a power cut or a full
 * disk left incomplete at its end is cut off. The file plays before and after.
 *
 * @returns Its duration in milliseconds; `null` if it is no such file, is finished, or has no picture.
 */
export function finishMkv(file: SegmentFile): number | null {
  const state = readMatroskaFile(file.read(0, MAX_HEAD_BYTES));
  if (state === null || state.duration > 0) return null;
  const tracks = readElementHead(file.read(state.tracksAt, MAX_ELEMENT_HEAD_BYTES));
  if (!tracks || tracks.length === null) return null;
  const { clusters, end } = readClusters(file, state.tracksAt + tracks.headBytes + tracks.length);
  const last = clusters.at(-1);
  if (!last) return null;
  const duration = lastTime(file, last, end) + LAST_CLUSTER_MS;
  const cues = matroskaCues(clusters, SEGMENT_CONTENTS);
  file.truncate(end);
  file.write(end, cues);
  file.write(0, matroskaFileEnding({ fileBytes: end + cues.length, cuesAt: end, duration }));
  return duration;
}

/** Returns how long a finished file plays, in milliseconds; `null` if it is not finished. */
export function mkvDuration(file: SegmentFile): number | null {
  return readMatroskaFile(file.read(0, MAX_HEAD_BYTES))?.duration || null;
}

/** Reads whole clusters up to the first that is not; `end` is where the last one ends. */
function readClusters(
  file: SegmentFile,
  from: number,
): { readonly clusters: readonly ClusterPlace[]; readonly end: number } {
  const clusters: ClusterPlace[] = [];
  let end = from;
  for (;;) {
    const bytes = file.read(end, 2 * MAX_ELEMENT_HEAD_BYTES + 8);
    const cluster = readElementHead(bytes);
    if (cluster?.id !== CLUSTER_ID || cluster.length === null) break;
    const next = end + cluster.headBytes + cluster.length;
    const contents = bytes.subarray(cluster.headBytes);
    const timestamp = readElementHead(contents);
    if (next > file.size || timestamp?.id !== TIMESTAMP_ID || timestamp.length === null) break;
    const { headBytes, length } = timestamp;
    clusters.push({
      time: readNumber(contents.subarray(headBytes, headBytes + length)),
      offset: end,
    });
    end = next;
  }
  return { clusters, end };
}

/** Returns the time of the last block, in milliseconds. */
function lastTime(file: SegmentFile, { time, offset }: ClusterPlace, end: number): number {
  const cluster = readElementHead(file.read(offset, MAX_ELEMENT_HEAD_BYTES))!;
  let latest = time;
  for (let at = offset + cluster.headBytes; at < end;) {
    const bytes = file.read(at, MAX_ELEMENT_HEAD_BYTES + BLOCK_HEAD_BYTES);
    const element = readElementHead(bytes);
    if (!element || element.length === null) break;
    if (element.id !== TIMESTAMP_ID && bytes.length >= element.headBytes + 3) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      latest = Math.max(latest, time + view.getInt16(element.headBytes + 1));
    }
    at += element.headBytes + element.length;
  }
  return latest;
}
