import { SYSTEM_CLOCK } from "../../clock.ts";
import type { ClipFormat } from "../../live_messages.ts";
import type { ClipFailureCode } from "./failure.ts";

/** A reader that takes nothing for so long has gone away. Milliseconds. */
const STALLED_MS = 30_000;

/** Reads a clip from its beginning. */
export interface ClipReader {
  /** Its bytes, which end when it is ready, and break off if it fails. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Whether the reader takes what there is. */
  readonly isTaken: boolean;
}

/** What a clip is begun with. */
export interface ClipOptions {
  /** What it will be. */
  readonly format: ClipFormat;
  /** How long it plays. Milliseconds. */
  readonly duration: number;
}

/** A clip that is waiting, being made, ready, or failed. Its bytes can be read from the beginning on at any time. */
export class Clip {
  /** Identifies it, and cannot be guessed. */
  readonly id: string = crypto.randomUUID();
  /** What it will be. */
  readonly format: ClipFormat;
  /** How long it plays. Milliseconds. */
  readonly duration: number;
  #state: "waiting" | "making" | "ready" | "failed" = "waiting";
  #failure: ClipFailureCode | null = null;
  #chunks: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;
  #progress = 0;
  #readers = 0;
  #wake: () => void = () => {};
  #changed: Promise<void> = Promise.resolve();

  /** It waits at first. */
  constructor({ format, duration }: ClipOptions) {
    this.format = format;
    this.duration = duration;
    this.#changes();
  }

  /** How far it is. */
  get state(): "waiting" | "making" | "ready" | "failed" {
    return this.#state;
  }

  /** Why it cannot be made; `null` for others. */
  get failure(): ClipFailureCode | null {
    return this.#failure;
  }

  /** Its length so far. Bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How much of it is made, 0..1. */
  get progress(): number {
    return this.#progress;
  }

  /** The number of those who read it at present. */
  get readers(): number {
    return this.#readers;
  }

  /** Whether nothing will be added to it. */
  get isOver(): boolean {
    return this.#state === "ready" || this.#state === "failed";
  }

  /** Notes that it is being made. */
  begin(): void {
    this.#state = "making";
  }

  /** Adds bytes. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.isOver) return;
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    this.#changes();
  }

  /** Notes how much of it is made, 0..1. */
  progressed(share: number): void {
    this.#progress = Math.max(this.#progress, Math.min(1, share));
  }

  /** Notes that it is ready. */
  end(): void {
    if (this.isOver) return;
    this.#state = "ready";
    this.#progress = 1;
    this.#changes();
  }

  /** Notes that it cannot be made, and forgets its bytes. */
  fail(code: ClipFailureCode): void {
    if (!this.isOver) this.#forget(code);
  }

  /** Forgets its bytes even if it is ready: those who read it get no more. */
  drop(): void {
    this.#forget("cancelled");
  }

  /** Settles when there are bytes, or it has failed. */
  async begun(): Promise<void> {
    while (this.#bytes === 0 && !this.isOver) await this.#changed;
  }

  /** Begins to read it. */
  open(): ClipReader {
    let place = 0;
    let isOpen = true;
    let isWaiting = false;
    let takenAt = SYSTEM_CLOCK.monotonic();
    this.#readers++;
    const close = () => {
      if (isOpen) this.#readers--;
      isOpen = false;
    };
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: async (controller) => {
        isWaiting = true;
        while (place >= this.#chunks.length && !this.isOver) await this.#changed;
        isWaiting = false;
        takenAt = SYSTEM_CLOCK.monotonic();
        if (!isOpen) return;
        if (this.#state === "failed") {
          close();
          controller.error(new Error("The clip cannot be made"));
        } else if (place < this.#chunks.length) {
          controller.enqueue(this.#chunks[place++]);
        } else {
          close();
          controller.close();
        }
      },
      cancel: close,
    }, { highWaterMark: 0 });
    return {
      stream,
      get isTaken() {
        return isOpen && (isWaiting || SYSTEM_CLOCK.monotonic() - takenAt < STALLED_MS);
      },
    };
  }

  #forget(code: ClipFailureCode): void {
    this.#state = "failed";
    this.#failure = code;
    this.#chunks = [];
    this.#bytes = 0;
    this.#changes();
  }

  #changes(): void {
    this.#wake();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changed = promise;
    this.#wake = resolve;
  }
}
