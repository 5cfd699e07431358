/** Demuxers of JPEGs that follow one another without a container. */
const RAW = /^(?:mjpeg|mpjpeg|jpeg_pipe|image2|image2pipe)$/;
/** Demuxers of pictures: of their files, and of their codecs, as in `png_pipe`. */
const PICTURE = /^(?:image2|\w+_pipe)$/;
/** What ffmpeg says of a single file, but not of a row of numbered ones. */
const ONE_FRAME = /^\s*Duration: 00:00:00\.04\b/;
/** Demuxers of playlists, whose pieces come as fast as they can be read. */
const PLAYLIST = /^(?:hls|dash)$/;

/** What has been learned of a source while it was read. What is absent is not known. */
export interface Findings {
  /** The codec of the video as ffmpeg calls it: `mjpeg`, `h264`. */
  readonly codec?: string;
  /** Whether it is JPEGs one after another, with anything between but without a container. */
  readonly isRaw?: boolean;
  /** Whether it comes faster than it is to be shown: a recording, or a playlist. */
  readonly isRecorded?: boolean;
  /** Whether its frames have to be turned or stretched to look right. */
  readonly isDistorted?: boolean;
  /** Each frame is two fields, each a JPEG of half the height. The first one has the top or bottom row. */
  readonly fields?: "top" | "bottom";
  /** Whether its JPEGs are all damaged or oversized, so that they cannot be copied. */
  readonly isUnsound?: true;
  /** Whether it is a single picture. A stream that breaks off after its first picture looks the same. */
  readonly isStill?: boolean;
}

/** Reads what ffmpeg logs of its input. */
export class InputReport {
  #format = "";
  #codec: string | null = null;
  #isRecorded = false;
  /** Whether it is longer than one picture. */
  #isRow = false;
  #isStretched = false;
  #isTurned = false;
  #isOver = false;

  /** Whether ffmpeg has said all that it knows of its input. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether ffmpeg reads its input as a picture rather than as a video; false until it has said so. */
  get isPicture(): boolean {
    return PICTURE.test(this.#format) && !this.#isRow;
  }

  /**
   * Reads the next line of ffmpeg's standard error.
   *
   * @returns What the report says, with its last line; else null.
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
    // Of the stream that was found last.
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
      isRecorded: this.#isRecorded || PLAYLIST.test(this.#format),
      isDistorted: this.#isTurned || this.#isStretched,
    };
  }
}

/**
 * The codec that ffmpeg says the source's video has, such as `mjpeg`.
 *
 * @param line One line of its standard error.
 * @returns Null if the line says something else.
 */
export function inputCodec(line: string): string | null {
  // A cover picture is no video.
  if (line.includes("(attached pic)")) return null;
  return /^\s*Stream #0:\d+.*?: Video: (\w+)/.exec(line)?.[1] ?? null;
}

/**
 * Whether the pixels of a video are not square.
 *
 * ffmpeg puts the aspect that the codec names into brackets. For MJPEG that is the density of JFIF,
 * which many cameras fill with nonsense such as 1:2: one that would double or halve the picture is
 * not believed.
 */
function isStretched(line: string): boolean {
  const [, before, width, height] = /.*([[ ])SAR (\d+):(\d+)/.exec(line) ?? [];
  const aspect = Number(width) / Number(height);
  if (before === undefined || aspect === 1 || !(aspect > 0)) return false;
  return before === " " || inputCodec(line) !== "mjpeg" || (aspect > 0.5 && aspect < 2);
}
