import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { Emitter } from "../events.ts";
import type { SoundLevel, SoundState, StudioSound } from "../live_messages.ts";
import type { Logger } from "../log/log.ts";
import type { SoundProducer } from "../producers/sound/sound_producer.ts";
import type { SoundStream } from "../streams/sound_stream.ts";
import type { Channel } from "./channel.ts";
import { refusalOf } from "./refusal.ts";
import type { KeptChoice, SoundStore } from "./store.ts";

/** How the streamer can set the sound. */
export interface SoundSettings {
  /** Whether nobody gets any. */
  readonly muted: boolean;
  /** Amplification in decibels, -20..20. */
  readonly gain: number;
  /** How many milliseconds later than the picture that came with it the sound is due: -1000..1000. */
  readonly delay: number;
  /** Whether the source is open only while somebody listens. */
  readonly onDemand: boolean;
}

/** Options of {@linkcode SoundControl}. */
export interface SoundControlOptions {
  /** Runs the source. */
  readonly producer: SoundProducer;
  /** Gives the sound to those who listen. */
  readonly stream: SoundStream;
  /** Whether it is on air. */
  readonly channel: Pick<Channel, "onAir" | "events">;
  /** Stores the settings. */
  readonly store: SoundStore;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** From the command line. */
  readonly initial: Pick<SoundSettings, "delay" | "onDemand">;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Events of {@linkcode SoundControl}. */
export interface SoundControlEvents {
  /** The state that everyone may know changed. */
  readonly state: SoundState;
  /** How loud the source is, about ten times a second while it is open. */
  readonly level: SoundLevel;
}

/**
 * How long a source that is open on demand stays open after the last listener left: a page that is reloaded comes back,
 * and one that turns the sound on and off must not start ffmpeg each time. Milliseconds.
 */
const LINGER_MS = 3000;

/**
 * Decides who may hear the source, and when it is open. For privacy it is open only
 *
 * - on air: always, so that the sound comes at once for whoever turns it on and when the streamer unmutes it. With
 *   {@linkcode SoundSettings.onDemand}, only while somebody listens, and not while it is muted.
 * - off air: while a studio is connected, which shows the level. With {@linkcode SoundSettings.onDemand}, never.
 *
 * The settings are stored. One that cannot be stored lasts until the program ends.
 */
export class SoundControl {
  /** Emits what changes. */
  readonly events: Emitter<SoundControlEvents> = new Emitter();
  readonly #options: SoundControlOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  #settings: SoundSettings;
  #isMetered = false;
  /** When somebody last listened. Monotonic time, milliseconds. */
  #wantedAt = -Infinity;
  /** The state that was last emitted. */
  #state: SoundState;

  /**
   * Restores the settings. Begins to decide at once; {@linkcode run} passes the packets on.
   *
   * @throws {StoreError} They cannot be read.
   */
  constructor(options: SoundControlOptions) {
    const { producer, stream, channel, store, initial, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.#clock = clock;
    this.#settings = {
      muted: store.isMuted(),
      gain: store.gain(),
      delay: newestOf(store.delay(), initial.delay),
      // Whoever asks for it on the command line wants no microphone open, whatever the studio said before.
      onDemand: initial.onDemand || newestOf(store.isOnDemand(), initial.onDemand),
    };
    producer.gain = this.#settings.gain;
    channel.events.on("change", () => this.#follow());
    stream.events.on("wanted", () => this.#follow());
    producer.events.on("status", () => this.#emitState());
    producer.events.on("level", (level) => this.events.emit("level", level));
    this.#state = this.state;
    if (this.#state === "muted") {
      options.log.info("The sound is muted, as it was before this start");
    }
    this.#follow();
  }

  /** How the sound is, as everyone may know it. */
  get state(): SoundState {
    const { state, reason } = this.#options.producer.status;
    if (state === "off") return "off";
    if (this.#settings.muted) return "muted";
    // A source that is closed, or opens, gives sound to whoever listens.
    return reason === null ? "on" : "waiting";
  }

  /** The sound, as the streamer sees it. */
  get studio(): StudioSound {
    const { producer, stream } = this.#options;
    const { name, reason, isOpen } = producer.status;
    return {
      source: producer.source,
      sourceName: name,
      state: this.state,
      reason,
      ...this.#settings,
      isOpen,
      listeners: stream.listeners,
    };
  }

  /** Whether a studio is connected, which shows the level also off air. */
  get isMetered(): boolean {
    return this.#isMetered;
  }

  set isMetered(isMetered: boolean) {
    this.#isMetered = isMetered;
    this.#follow();
  }

  /** Lists what {@linkcode switchTo} accepts. */
  sources(): ReturnType<SoundProducer["sources"]> {
    return this.#options.producer.sources();
  }

  /**
   * Changes the source.
   *
   * @throws {UserError} There is no such source, and the old one continues; or the program is ending.
   */
  switchTo(source: string): Promise<void> {
    return this.#options.producer.switchTo(source);
  }

  /** Changes settings. Once it has returned, a muted sound is heard by nobody: no further packet is sent. */
  set(changes: Partial<SoundSettings>): void {
    const { producer, store, initial, log } = this.#options;
    const before = this.#settings;
    const after = this.#settings = { ...before, ...changes };
    this.#follow();
    if (after.muted !== before.muted) {
      log.info(after.muted ? "The sound is muted" : "The sound is no longer muted");
      this.#keep(() => store.setMuted(after.muted));
    }
    if (after.gain !== before.gain) {
      producer.gain = after.gain;
      this.#keep(() => store.setGain(after.gain));
    }
    if (after.delay !== before.delay) {
      this.#keep(() => store.setDelay({ value: after.delay, insteadOf: initial.delay }));
    }
    if (after.onDemand !== before.onDemand) {
      const kept = { value: after.onDemand, insteadOf: initial.onDemand };
      this.#keep(() => store.setOnDemand(kept));
    }
  }

  /** Closes a source that nobody has listened to for a while; call it a few times a second. */
  tick(): void {
    this.#follow();
  }

  /** Passes packets on until the producer ends. */
  async run(): Promise<void> {
    const { producer, stream } = this.#options;
    for await (const packet of producer.packets()) {
      stream.publish({ ...packet, at: packet.at + this.#settings.delay });
    }
  }

  #follow(): void {
    const { producer, stream, channel } = this.#options;
    stream.isOpen = channel.onAir && !this.#settings.muted;
    if (stream.isWanted) this.#wantedAt = this.#clock.monotonic();
    const isWanted = this.#isWanted;
    if (producer.isWanted !== isWanted) producer.isWanted = isWanted;
    this.#emitState();
  }

  get #isWanted(): boolean {
    const { stream, channel } = this.#options;
    if (!this.#settings.onDemand) return channel.onAir || this.#isMetered;
    return stream.isOpen && this.#clock.monotonic() - this.#wantedAt < LINGER_MS;
  }

  #emitState(): void {
    const { state } = this;
    if (state === this.#state) return;
    this.#state = state;
    this.events.emit("state", state);
  }

  #keep(action: () => void): void {
    const failed = refusalOf(action);
    if (!failed) return;
    this.#options.log.warn(
      `A restart will undo the last change to the sound: ${failed.refused.reason}`,
    );
  }
}

/** Returns what was chosen last: another value on the command line than before is newer than the studio's. */
function newestOf<Value>(kept: KeptChoice<Value> | null, initial: Value): Value {
  return kept?.insteadOf === initial ? kept.value : initial;
}
