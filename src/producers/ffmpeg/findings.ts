/** Demuxers of JPEGs that follow one another without a container. */
const RAW = /^(?:mjpeg|mpjpeg|jpeg_pipe|image2|image2pipe)$/;
/** Demuxers of pictures: of their files, and of their codecs, as in `png_pipe`. */
const PICTURE = /^(?:image2|\w+_pipe)$/;
/** What ffmpeg reports for a single file, but not for a sequence of numbered ones. */
const ONE_FRAME = /^\s*Duration: 00:00:00\.04\b/;
/** Demuxers of playlists, whose segments come as fast as they can be read. */
const PLAYLIST = /^(?:hls|dash)$/;

/** Facts about a source, learned from reading it. What is absent is not known. */
export interface Findings {
  /** The codec of the video as ffmpeg calls it: `mjpeg`, `h264`. */
  readonly codec?: string;
  /** Whether it consists of JPEGs in sequence, with anything between but without a container. */
  readonly isRaw?: boolean;
  /** Whether it comes faster than real time: a recording or a playlist. */
  readonly isRecorded?: boolean;
  /** Whether its frames must be turned or stretched to look right. */
  readonly isDistorted?: boolean;
  /** Set if each frame is two JPEGs of half the height: which rows the first of them has. */
  readonly fields?: "top" | "bottom";
  /** Whether all its JPEGs are damaged or oversized, so that they cannot be copied. */
  readonly isUnsound?: true;
  /** Whether it is a single picture. A stream that breaks off after its first frame looks the same. */
  readonly isStill?: boolean;
}

/** Parses what ffmpeg logs about its input. */
export class InputReport {
  #format = "";
  #codec: string | null = null;
  #isRecorded = false;
  /** Whether it is longer than one frame. */
  #isRow = false;
  #isStretched = false;
  #isTurned = false;
  #isOver = false;

  /** Whether ffmpeg has finished its report. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the input comes faster than real time, as far as ffmpeg has reported it. */
  get isRecorded(): boolean {
    return this.#isRecorded || PLAYLIST.test(this.#format);
  }

  /** Whether ffmpeg reads its input as a picture rather than a video; false until it reports so. */
  get isPicture(): boolean {
    return PICTURE.test(this.#format) && !this.#isRow;
  }

  /**
   * Reads the next line of ffmpeg's standard error.
   *
   * @returns The findings, with the last line of the report; null before and after.
   */
  take(line: string): Findings | null {
    if (this.#isOver) return null;
    if (/^(?:Output #0|Stream mapping:)/.test(line)) {
      this.#isOver = true;
      return this.#findings();
    }
    const [, format] = /^Input #0, (\w+)/.exec(line) ?? [];
    if (format !== undefined) this.#format = format;
    if (/^\s*Duration: [\d:.]*[1-9]/.test(line)) {
      this.#isRecorded = true;
      this.#isRow = !ONE_FRAME.test(line);
    }
    // Applies to the stream above it.
    if (this.#codec !== null && line.includes("displaymatrix: rotation of")) this.#isTurned = true;
    if (this.#codec === null) this.#takeStream(line);
    return null;
  }

  #takeStream(line: string): void {
    this.#codec = inputCodec(line);
    if (this.#codec !== null) this.#isStretched = isStretched(line);
  }

  #findings(): Findings | null {
    if (this.#codec === null) return null;
    return {
      codec: this.#codec,
      isRaw: RAW.test(this.#format),
      isRecorded: this.isRecorded,
      isDistorted: this.#isTurned || this.#isStretched,
    };
  }
}

/**
 * Returns the codec of the source's video, such as `mjpeg`, as ffmpeg reports it.
 *
 * @param line One line of ffmpeg's standard error.
 * @returns Null if the line is about something else.
 */
export function inputCodec(line: string): string | null {
  // Cover art is not video.
  if (line.includes("(attached pic)")) return null;
  return /^\s*Stream #0:\d+.*?: Video: (\w+)/.exec(line)?.[1] ?? null;
}

/**
 * Returns whether the pixels of a video are not square.
 *
 * ffmpeg puts the codec's own aspect ratio into brackets. For MJPEG that is the JFIF density, which
 * many cameras fill with nonsense such as 1:2, so a ratio that would double or halve the picture is
 * ignored.
 */
function isStretched(line: string): boolean {
  const [, before, width, height] = /.*([[ ])SAR (\d+):(\d+)/.exec(line) ?? [];
  const aspect = Number(width) / Number(height);
  if (before === undefined || aspect === 1 || !(aspect > 0)) return false;
  return before === " " || inputCodec(line) !== "mjpeg" || (aspect > 0.5 && aspect < 2);
}
