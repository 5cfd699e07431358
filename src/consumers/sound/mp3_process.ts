import { messageOf } from "../../errors.ts";
import { Mp3Splitter } from "../../media/mp3_splitter.ts";
import { OggWriter } from "../../media/ogg/writer.ts";

/**
 * Each frame stands alone, so that programs can begin with any of them; no header claims a length. It
 * needs no `-nostdin`: an ffmpeg that reads its input from there takes no commands from it.
 */
const ARGS = [
  ...["-hide_banner", "-loglevel", "error", "-threads", "1", "-f", "ogg", "-i", "pipe:0"],
  ...["-c:a", "libmp3lame", "-b:a", "96k", "-reservoir", "0", "-write_xing", "0"],
  ...["-id3v2_version", "0", "-flush_packets", "1", "-f", "mp3", "pipe:1"],
];

/** An ffmpeg that leaves so many packets unread has hung: a second's. */
const MAX_UNREAD = 50;

/** Length of its last words that are kept. Characters. */
const KEPT_LENGTH = 400;

/** What one run of the encoder is built with. */
export interface Mp3ProcessOptions {
  /** The ffmpeg to run. */
  readonly program: string;
  /** Takes each frame. */
  readonly onFrame: (frame: Uint8Array<ArrayBuffer>) => void;
}

/**
 * One run of the ffmpeg that encodes MP3. It gets the sound through its standard input, so it ends by
 * itself when this process does, however that ends.
 */
export class Mp3Process {
  /** Settles when it is gone, with the reason that it gave, if any. Never rejects. */
  readonly ended: Promise<string>;
  readonly #writer = new OggWriter();
  #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null = null;
  #unread = 0;
  #kill = () => {};

  /** Starts ffmpeg. */
  constructor(options: Mp3ProcessOptions) {
    this.ended = this.#run(options);
  }

  /** Encodes the next packet. Kills an ffmpeg that has hung. */
  encode(opus: Uint8Array<ArrayBuffer>): void {
    if (this.#unread >= MAX_UNREAD) this.kill();
    else this.#write(this.#writer.page(opus));
  }

  /** Kills ffmpeg; `ended` then settles soon. */
  kill(): void {
    this.#kill();
  }

  async #run({ program, onFrame }: Mp3ProcessOptions): Promise<string> {
    let process: Deno.ChildProcess;
    try {
      process = new Deno.Command(program, {
        args: ARGS,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      return messageOf(error);
    }
    this.#kill = () => {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended already.
      }
    };
    this.#input = process.stdin.getWriter();
    this.#write(this.#writer.headers());
    const splitter = new Mp3Splitter();
    const [words] = await Promise.all([
      lastWords(process.stderr),
      drain(process.stdout, (chunk) => splitter.push(chunk).forEach(onFrame)),
      process.status,
    ]);
    await this.#input.close().catch(() => {});
    return words;
  }

  #write(page: Uint8Array<ArrayBuffer>): void {
    if (!this.#input) return;
    this.#unread++;
    // What an ffmpeg that has ended does not take is of no use.
    this.#input.write(page).catch(() => {}).finally(() => this.#unread--);
  }
}

async function drain(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  for await (const chunk of stream) take(chunk);
}

async function lastWords(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let words = "";
  await drain(stream, (chunk) => {
    words = (words + decoder.decode(chunk, { stream: true })).slice(-KEPT_LENGTH);
  });
  return words.trim();
}
