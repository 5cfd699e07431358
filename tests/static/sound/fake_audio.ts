import type { FakeTime } from "../../support/fake_time.ts";

/** A block of sound that was scheduled. Times in milliseconds. */
export interface Scheduled {
  readonly start: number;
  readonly samples: Float32Array;
  /** When it was silenced early; `null` if it was not. */
  stop: number | null;
}

/** What a browser plays, instead of a loudspeaker. */
export interface FakeAudio extends Disposable {
  /** Every AudioContext that was made. */
  readonly contexts: FakeContext[];
  /** Every audio element that was made. */
  readonly elements: FakeElement[];
  readonly scheduled: Scheduled[];
  /** Whether the browser plays without a tap. */
  isAllowed: boolean;
  /** The name of the error by which elements refuse to play; `null` if they play. */
  refusal: string | null;
}

export class FakeContext {
  readonly sampleRate = 48_000;
  readonly outputLatency = 0.03;
  readonly baseLatency = 0.01;
  readonly destination = {};
  onstatechange: (() => void) | null = null;
  state = "suspended";
  /** Whether its device is gone. */
  isStuck = false;
  readonly gains: number[] = [];
  readonly #time: FakeTime;
  readonly #audio: FakeAudio;
  #stuckAt = 0;

  constructor(time: FakeTime, audio: FakeAudio) {
    this.#time = time;
    this.#audio = audio;
  }

  get currentTime(): number {
    if (!this.isStuck) this.#stuckAt = this.#time.now / 1000;
    return this.#stuckAt;
  }

  createGain() {
    return {
      connect() {},
      gain: {
        value: 1,
        cancelScheduledValues() {},
        setValueAtTime() {},
        linearRampToValueAtTime: (value: number) => this.gains.push(value),
      },
    };
  }

  createBuffer(_channels: number, length: number) {
    const samples = new Float32Array(length);
    return { samples, copyToChannel: (data: Float32Array) => samples.set(data) };
  }

  resume(): Promise<void> {
    if (!this.#audio.isAllowed) return new Promise(() => {});
    this.change("running");
    return Promise.resolve();
  }

  suspend(): Promise<void> {
    this.change("suspended");
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.change("closed");
    return Promise.resolve();
  }

  change(state: string): void {
    if (this.state === state) return;
    this.state = state;
    this.onstatechange?.();
  }
}

export class FakeElement extends EventTarget {
  #src = "";
  paused = true;
  ended = false;
  error: Error | null = null;
  volume = 1;
  readyState = 4;
  readonly #audio: FakeAudio;

  constructor(audio: FakeAudio) {
    super();
    this.#audio = audio;
  }

  get src(): string {
    return this.#src;
  }

  /** A new address is loaded from its beginning. */
  set src(src: string) {
    this.#src = src;
    this.error = null;
    this.ended = false;
  }

  play(): Promise<void> {
    const { refusal } = this.#audio;
    if (refusal) return Promise.reject(new DOMException("", refusal));
    this.paused = false;
    return Promise.resolve();
  }

  pause(): void {
    this.paused = true;
  }

  load() {}

  removeAttribute(): void {
    this.src = "";
  }
}

/** Replaces the browser's audio until disposed. */
export function fakeAudio(time: FakeTime): FakeAudio {
  const names = ["AudioContext", "AudioBufferSourceNode", "Audio", "HTMLMediaElement"];
  const audio: FakeAudio = {
    contexts: [],
    elements: [],
    scheduled: [],
    isAllowed: true,
    refusal: null,
    [Symbol.dispose]() {
      for (const name of names) Reflect.deleteProperty(globalThis, name);
    },
  };
  class Context extends FakeContext {
    constructor() {
      super(time, audio);
      audio.contexts.push(this);
    }
  }
  class Node {
    onended: (() => void) | null = null;
    readonly #samples: Float32Array;
    #scheduled: Scheduled | null = null;
    constructor(_context: Context, { buffer }: { buffer: { samples: Float32Array } }) {
      this.#samples = buffer.samples;
    }
    connect() {}
    start(at: number) {
      this.#scheduled = { start: at * 1000, samples: this.#samples, stop: null };
      audio.scheduled.push(this.#scheduled);
    }
    stop(at: number) {
      if (this.#scheduled) this.#scheduled.stop = at * 1000;
    }
  }
  class Element extends FakeElement {
    constructor() {
      super(audio);
      audio.elements.push(this);
    }
  }
  const fakes = [Context, Node, Element, { HAVE_FUTURE_DATA: 3 }];
  names.forEach((name, i) => Reflect.set(globalThis, name, fakes[i]));
  return audio;
}
