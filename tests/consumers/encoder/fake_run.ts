import type {
  EncodedFrame,
  EncoderRunOptions,
} from "../../../src/consumers/encoder/encoder_run.ts";
import type { TrackRun } from "../../../src/consumers/encoder/h264_track.ts";
import type { Frame } from "../../../src/media/packet.ts";

type Given = Pick<Frame, "data" | "sequence" | "at">;

/** A run of an encoder in the test's hands: answers what it was given when the test says so. */
export class FakeRun implements TrackRun {
  readonly given: { readonly frame: Given; readonly isKey: boolean }[] = [];
  readonly ended: Promise<string>;
  hang: string | null = null;
  isStopped = false;
  #end!: (reason: string) => void;
  #answered = 0;

  constructor(readonly options: Omit<EncoderRunOptions, "program" | "log">) {
    this.ended = new Promise((resolve) => this.#end = resolve);
  }

  get hasKey(): boolean {
    return this.given.slice(this.#answered).some(({ isKey }) => isKey);
  }

  encode(frame: Given, isKey: boolean): void {
    this.given.push({ frame, isKey });
  }

  /** Gives the packet of the oldest frame that has none. */
  answer({ delay = 10, bytes = 100 } = {}): void {
    const { frame: { sequence, at }, isKey } = this.given[this.#answered++];
    const { width, height } = this.options.form;
    const configuration: EncodedFrame["configuration"] = {
      ...{ record: new Uint8Array([1]), codec: "avc1.64001f", width, height },
    };
    const data = new Uint8Array(bytes);
    this.options.listener.encoded({ sequence, at, data, isKey, configuration, delay });
  }

  /** Drops the newest frame that it was given. */
  drop(waited: number): void {
    this.given.pop();
    this.options.listener.dropped(waited);
  }

  stop(): void {
    this.isStopped = true;
    this.#end("stopped");
  }

  /** Ends by itself. */
  async die(reason: string): Promise<void> {
    this.#end(reason);
    await this.ended;
    await Promise.resolve();
  }
}
