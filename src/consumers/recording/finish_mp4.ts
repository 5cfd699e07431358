import { concat } from "../../media/jpeg/concat.ts";
import { ascii, u32, u64 } from "../../media/mp4/box.ts";
import {
  type BoxRange,
  findBox,
  MAX_BOX_HEAD_BYTES,
  readBoxes,
  readBoxHead,
} from "../../media/mp4/box_reader.ts";
import { type DescribedFragment, readFragment } from "../../media/mp4/fragment_reader.ts";
import { type Mp4Track, TIMESCALE, TRACK_ID } from "../../media/mp4/initialization.ts";
import { encodeMovie, type MovieTrack } from "../../media/mp4/movie.ts";
import type { SampleEntry } from "../../media/mp4/sample_entry.ts";
import type { MovieSample } from "../../media/mp4/sample_tables.ts";
import { PLACEHOLDER_BYTES } from "./mp4_muxer.ts";
import type { SegmentFile } from "./segment_file.ts";

/** A `moof` or `moov` at the head is not longer. Bytes. */
const MAX_HEADER_BYTES = 1_000_000;

/** Of the length of a box: it is in the 64 bits behind the type. */
const LONG = 1;

/** A sample before it is known when the next one is due. */
interface TimedSample extends MovieSample {
  readonly time: number;
}

/**
 * Finishes a file of fragments: appends a `moov` that describes all samples, and turns the placeholder into the
 * head of an `mdat` that spans what is between. What a power cut or a full disk left incomplete at its end is
 * cut off. The file plays before and after, and it may be finished again if this was interrupted.
 *
 * @returns Its duration in milliseconds; `null` if it is no such file or has no picture.
 */
export function finishMp4(file: SegmentFile): number | null {
  const layout = readLayout(file);
  if (layout === null || layout.isFinished) return null;
  const { placeholder, moov } = layout;
  const { fragments, end } = readFragments(file, moov.end);
  const header = file.read(moov.start, moov.end - moov.start);
  const tracks = readTracks(header, fragments);
  if (!tracks.some(({ entry }) => entry.kind === "video")) return null;
  file.truncate(end);
  file.write(end, encodeMovie(tracks));
  file.write(
    placeholder.start,
    concat(u32(LONG), ascii("mdat"), u64(end - placeholder.start)),
  );
  return durationOf(tracks);
}

/** Returns how long a finished file plays, in milliseconds; `null` if it is not finished. */
export function mp4Duration(file: SegmentFile): number | null {
  const layout = readLayout(file);
  if (!layout?.isFinished) return null;
  const { placeholder } = layout;
  const moov = readBoxHead(file.read(placeholder.end, MAX_BOX_HEAD_BYTES), placeholder.end);
  if (moov?.type !== "moov") return null;
  // `mvhd` is first: its version and flags, two times, the timescale, the duration.
  const header = file.read(moov.contents, 28);
  if (header.length < 28) return null;
  const view = new DataView(header.buffer);
  const scale = view.getUint32(20);
  return scale === 0 ? null : view.getUint32(24) * 1_000 / scale;
}

interface Layout {
  readonly placeholder: BoxRange;
  readonly moov: BoxRange;
  readonly isFinished: boolean;
}

function readLayout(file: SegmentFile): Layout | null {
  const boxAt = (at: number) => readBoxHead(file.read(at, MAX_BOX_HEAD_BYTES), at);
  const fileType = boxAt(0);
  if (fileType?.type !== "ftyp" || fileType.end > MAX_HEADER_BYTES) return null;
  const placeholder = boxAt(fileType.end);
  if (!placeholder) return null;
  const isFinished = placeholder.type === "mdat" && placeholder.end <= file.size;
  if (placeholder.type !== "free" && placeholder.type !== "mdat") return null;
  const moov = boxAt(placeholder.start + PLACEHOLDER_BYTES);
  if (moov?.type !== "moov" || moov.end - moov.start > MAX_HEADER_BYTES) return null;
  return moov.end <= file.size ? { placeholder, moov, isFinished } : null;
}

interface PlacedFragment extends DescribedFragment {
  /** Where its first sample begins in the file. */
  readonly offset: number;
}

/** Reads whole fragments up to the first that is not; `end` is where the last one ends. */
function readFragments(
  file: SegmentFile,
  from: number,
): { readonly fragments: readonly PlacedFragment[]; readonly end: number } {
  const fragments: PlacedFragment[] = [];
  let end = from;
  for (;;) {
    const moof = readBoxHead(file.read(end, MAX_BOX_HEAD_BYTES), end);
    if (moof?.type !== "moof" || moof.end - moof.start > MAX_HEADER_BYTES) break;
    const mdat = readBoxHead(file.read(moof.end, MAX_BOX_HEAD_BYTES), moof.end);
    if (mdat?.type !== "mdat" || mdat.end > file.size) break;
    const fragment = readFragment(file.read(moof.start, moof.end - moof.start));
    if (fragment === null) break;
    const bytes = fragment.samples.reduce((sum, sample) => sum + sample.bytes, 0);
    const offset = moof.start + fragment.dataOffset;
    if (offset !== mdat.contents || offset + bytes !== mdat.end) break;
    fragments.push({ ...fragment, offset });
    end = mdat.end;
  }
  return { fragments, end };
}

function readTracks(header: Uint8Array, fragments: readonly PlacedFragment[]): MovieTrack[] {
  const tracks: MovieTrack[] = [];
  for (const track of Object.keys(TRACK_ID) as Mp4Track[]) {
    const entry = entryOf(header, track);
    const samples = samplesOf(fragments.filter((fragment) => fragment.track === track));
    if (entry && samples.length > 0) tracks.push({ entry, samples, start: 0 });
  }
  return tracks;
}

/** Returns the samples; each lasts until the next one is due. */
function samplesOf(fragments: readonly PlacedFragment[]): MovieSample[] {
  const timed: TimedSample[] = [];
  for (const { time: first, offset: begin, samples } of fragments) {
    let time = first, offset = begin;
    for (const sample of samples) {
      timed.push({ ...sample, time, offset });
      time += sample.duration;
      offset += sample.bytes;
    }
  }
  return timed.map(({ time, duration, ...sample }, index) => {
    const next = timed[index + 1]?.time ?? time + duration;
    return { ...sample, duration: Math.max(0, next - time) };
  });
}

/** Returns how the samples of a track are encoded, from the `moov` at the head. */
function entryOf(moov: Uint8Array, track: Mp4Track): SampleEntry | null {
  const root = findBox(moov, "moov");
  if (!root) return null;
  const view = new DataView(moov.buffer, moov.byteOffset, moov.length);
  for (const { type, contents, start, end } of readBoxes(moov, root.contents, root.end)) {
    if (type !== "trak") continue;
    const trak = moov.subarray(start, end);
    const header = findBox(trak, "trak", "tkhd");
    const description = findBox(trak, "trak", "mdia", "minf", "stbl", "stsd");
    if (!header || !description) continue;
    // Version and flags, two times, then the number of the track.
    if (view.getUint32(start + header.contents + 12) !== TRACK_ID[track]) continue;
    const [entry] = readBoxes(trak, description.contents + 8, description.end);
    if (!entry || contents > end) return null;
    const size = new DataView(trak.buffer, trak.byteOffset + header.end - 8);
    return {
      kind: track,
      timescale: TIMESCALE[track],
      width: size.getUint32(0) / 0x10000,
      height: size.getUint32(4) / 0x10000,
      box: trak.slice(entry.start, entry.end),
    };
  }
  return null;
}

function durationOf(tracks: readonly MovieTrack[]): number {
  return Math.max(
    ...tracks.map(({ entry, samples }) =>
      samples.reduce((sum, { duration }) => sum + duration, 0) * 1_000 / entry.timescale
    ),
  );
}
