import type { SizeLimit } from "../streams/fitting_scale.ts";
import { QUALITY_NAMES, type QualityName } from "../media/qualities.ts";
import { FILTERS } from "../media/rendition.ts";
import { MODES, type SessionChoices } from "../consumers/session/choices.ts";
import type { VideoChoice } from "../consumers/session/video_offer.ts";
import { describeRange, numberIn, readNumber, readText, readWord, wrongValue } from "./query.ts";

const QUALITY = { min: 1, max: 100, isWhole: true };
/** Largest width or height of a JPEG (T.81 B.2.2). */
const PIXELS = { min: 1, max: 65_535, isWhole: true };
const SCALE = { min: 0.01, max: 1 };
const FPS = { min: 0.1, max: 1000 };
const KILOBITS = { min: 10, max: 10_000_000 };

/** What the query of a stream or a snapshot asks for. */
export interface StreamQuery {
  /** Mode, quality and filter, as far as given. */
  readonly choices: Partial<SessionChoices>;
  /** Size limit; `null` if not given. */
  readonly size: SizeLimit | null;
  /** Most frames a second. */
  readonly fps?: number;
  /** Most bits a second. */
  readonly bits?: number;
  /** When H.264 is wanted in place of JPEGs; absent for never. */
  readonly video?: VideoChoice;
}

/**
 * Reads the query of a stream or a snapshot. Ignores other parameters, since clients add their own.
 *
 * @throws {HttpProblem} 400 that names the first wrong parameter and what it takes.
 */
export function readStreamQuery(query: URLSearchParams): StreamQuery {
  const mode = readWord(query, "mode", MODES);
  const quality = readQuality(query);
  const filter = readWord(query, "filter", FILTERS);
  const kilobits = readNumber(query, "max_kbps", KILOBITS);
  return {
    choices: {
      ...(mode !== undefined && { mode }),
      ...(quality !== undefined && { quality }),
      ...(filter !== undefined && { filter }),
    },
    size: readSize(query),
    fps: readNumber(query, "fps", FPS),
    bits: kilobits === undefined ? undefined : kilobits * 1000,
    video: readVideo(query),
  };
}

function readVideo(query: URLSearchParams): VideoChoice | undefined {
  const video = readWord(query, "video", ["h264"]);
  const codec = readWord(query, "codec", ["auto", "jpeg", "h264"]) ?? "auto";
  if (codec === "h264" && video === undefined) {
    throw wrongValue(
      "codec",
      "auto or jpeg, unless video=h264 says that the client plays it",
      codec,
    );
  }
  return video === undefined || codec === "jpeg" ? undefined : codec;
}

function readSize(query: URLSearchParams): SizeLimit | null {
  const width = readNumber(query, "width", PIXELS);
  const height = readNumber(query, "height", PIXELS);
  const scale = readNumber(query, "scale", SCALE);
  return width ?? height ?? scale ? { width, height, scale } : null;
}

function readQuality(query: URLSearchParams): QualityName | number | undefined {
  const text = readText(query, "quality");
  if (text === null) return undefined;
  const quality = QUALITY_NAMES.find((name) => name === text) ?? numberIn(text, QUALITY);
  if (quality !== null) return quality;
  throw wrongValue("quality", `${QUALITY_NAMES.join(", ")} or ${describeRange(QUALITY)}`, text);
}
