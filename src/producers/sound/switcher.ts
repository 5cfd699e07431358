import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { UserError } from "../../errors.ts";
import { Emitter } from "../../events.ts";
import type { SoundPacket, Track } from "../../media/packet.ts";
import { BackOff } from "../ffmpeg/back_off.ts";
import { Pause } from "../ffmpeg/pause.ts";
import type { Ffmpeg } from "../ffmpeg/setup.ts";
import type { Source } from "../ffmpeg/source.ts";
import type { SourceChoice } from "../source_choices.ts";
import { noSuchMicrophone, openInput } from "./open_input.ts";
import { PacketQueue } from "./packet_queue.ts";
import { SoundChoices, soundTitle } from "./sound_choices.ts";
import { listSoundDevices } from "./sound_devices.ts";
import type {
  SoundFailure,
  SoundInput,
  SoundListener,
  SoundSetup,
  TimedPacket,
} from "./sound_input.ts";
import {
  type SoundProducer,
  type SoundProducerEvents,
  type SoundStatus,
  UnlistedSoundError,
} from "./sound_producer.ts";
import { parseSoundSource, type SoundSource } from "./sound_source.ts";

/** The most packets that wait for the reader: half a second. */
const MAX_WAITING = 25;

/** Opens the own sound of the picture's source. */
export interface PictureSound {
  /** Its name for the streamer. */
  readonly name: string;
  /** The picture's source; `null` while that is not known. */
  readonly of: Source | null;
  /** Opens it. */
  readonly open: (setup: SoundSetup, listener: SoundListener) => SoundInput;
}

/** Options of {@linkcode SoundSwitcher}. */
export interface SoundSwitcherOptions {
  /** `off`, `auto`, a device, a file or a URL, as the streamer wrote it. */
  readonly source: string;
  /** Bits a second of the Opus encoder. */
  readonly bitRate: number;
  /** Runs the sources. */
  readonly ffmpeg: Ffmpeg;
  /**
   * Returns the own sound of the picture's source, if that is what `source` means now; else `null`. Called each
   * time a source is opened. Default: never.
   */
  readonly pictureSound?: (source: SoundSource) => PictureSound | null;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** Yields the sound of one source at a time, open only while it is wanted. */
export class SoundSwitcher implements SoundProducer {
  /** Sound only. */
  readonly tracks: readonly Track[] = ["sound"];
  /** Emits the status and levels. */
  readonly events: Emitter<SoundProducerEvents> = new Emitter();
  readonly #options: Required<SoundSwitcherOptions>;
  readonly #first: SoundSource;
  readonly #choices = new SoundChoices();
  readonly #queue = new PacketQueue<SoundPacket>(MAX_WAITING);
  readonly #pause = new Pause();
  #source: SoundSource;
  #status: SoundStatus;
  #isWanted = false;
  #gain = 0;
  #isStopped = false;
  /** Counts up with everything that calls for another opening. */
  #version = 0;
  #input: SoundInput | null = null;
  /** The source of the picture whose own sound was opened last; `undefined` if that was another sound. */
  #picture: PictureSound["of"] | undefined;
  #running: Promise<void> | null = null;
  #wake = () => {};
  /** Numbers the calls of {@linkcode switchTo}. */
  #requests = 0;
  /** The newest of them that changed the source. */
  #served = 0;
  #sequence = 0;
  #restarts = 0;

  /**
   * Creates a switcher that opens nothing before its packets are read and wanted.
   *
   * @throws {UserError} ffmpeg cannot read this kind of address.
   */
  constructor(options: SoundSwitcherOptions) {
    this.#options = { clock: SYSTEM_CLOCK, pictureSound: () => null, ...options };
    this.#source = this.#first = parseSoundSource(options.source);
    this.#status = statusOf(this.#source);
  }

  get status(): SoundStatus {
    return this.#status;
  }

  get source(): string {
    return this.#choices.idOf(this.#source);
  }

  get dropped(): number {
    return this.#queue.dropped;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  set isWanted(isWanted: boolean) {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#reopen();
  }

  get gain(): number {
    return this.#gain;
  }

  set gain(gain: number) {
    if (gain === this.#gain) return;
    this.#gain = gain;
    this.#reopen();
  }

  async sources(): Promise<readonly SourceChoice[]> {
    return this.#choices.list(await this.#devices(), [this.#first, this.#source]);
  }

  async switchTo(choice: string): Promise<void> {
    const request = ++this.#requests;
    const source = this.#known(choice) ?? await this.#findDevice(choice);
    if (this.#isStopped) {
      throw new UserError("Cannot change the sound: the program is shutting down");
    }
    // A newer request did not have to wait so long.
    if (request < this.#served) return;
    this.#served = request;
    this.#source = source;
    this.#setStatus(statusOf(source));
    this.#reopen();
  }

  /**
   * Takes it that the picture has another source, whose own sound may be what the streamer chose. If `auto` was the own
   * sound of the old one and the new one has none, there is no sound: nobody has asked for a microphone.
   */
  pictureChanged(): void {
    const of = this.#options.pictureSound(this.#source)?.of;
    if (of === this.#picture) return;
    if (of === undefined && this.#picture && this.#source.kind === "auto") {
      this.#options.ffmpeg.log.warn(
        "The sound is off, as the new picture has none of its own. The studio can turn a microphone on",
      );
      this.#source = OFF;
      this.#setStatus(statusOf(OFF));
    }
    this.#reopen();
  }

  /** Opens the source again, because what it is opened with has changed; nothing while it is not wanted. */
  #reopen(): void {
    this.#version++;
    this.#queue.clear();
    this.#input?.stop();
    this.#pause.end();
    this.#wake();
  }

  packets(): AsyncIterable<SoundPacket> {
    this.#running ??= this.#run();
    return this.#queue;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#queue.end();
    this.#reopen();
    await this.#running;
  }

  /** Returns the source of a choice that can be opened without looking for it. */
  #known(choice: string): SoundSource | null {
    if (choice === "off" || choice === "auto") return { kind: choice };
    const used = [this.#first, this.#source];
    return used.find((source) => this.#choices.idOf(source) === choice) ?? null;
  }

  async #findDevice(choice: string): Promise<SoundSource> {
    const devices = await this.#devices();
    this.#choices.list(devices, []);
    if (devices.some(({ device }) => device === choice)) return { kind: "device", device: choice };
    throw new UnlistedSoundError(noSuchMicrophone(choice, devices));
  }

  #devices() {
    return listSoundDevices(this.#options.ffmpeg);
  }

  async #run(): Promise<void> {
    let backOff = new BackOff();
    let version = this.#version;
    while (!this.#isStopped) {
      if (version !== this.#version) backOff = new BackOff();
      version = this.#version;
      if (!this.#isWanted || this.#source.kind === "off") {
        this.#setStatus(statusOf(this.#source));
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        continue;
      }
      const { failure, liveFor } = await this.#openOnce(version);
      if (this.#status.state !== "off") this.#setStatus({ ...this.#status, ...CLOSED });
      if (version !== this.#version) continue;
      this.#take(failure);
      const kind = failure.kind === "ended" ? "other" : failure.kind;
      await this.#pause.wait(backOff.next(kind, { hadFrames: liveFor > 0, liveFor }));
      if (version === this.#version) this.#restarts++;
    }
  }

  /** Opens the source and passes its packets on until it ends. */
  async #openOnce(version: number): Promise<{ failure: SoundFailure; liveFor: number }> {
    const { bitRate, ffmpeg, clock, pictureSound } = this.#options;
    const setup = { ffmpeg, bitRate, gain: this.#gain, clock };
    let [first, last] = [0, 0];
    const listener: SoundListener = {
      onPacket: (packet) => {
        if (version !== this.#version) return;
        last = clock.monotonic();
        first ||= last;
        this.#put(packet);
      },
      onLevel: (level) => {
        if (version === this.#version) this.events.emit("level", level);
      },
    };
    const source = this.#source;
    if (source.kind === "off") throw new Error("There is nothing to open");
    // A device records from now on, even if its first packet comes late.
    const onDevice = (name: string) => {
      if (version === this.#version) this.#setStatus({ ...this.#status, name, isOpen: true });
    };
    const own = pictureSound(source);
    this.#picture = own?.of;
    if (own !== null) this.#setStatus({ ...this.#status, name: own.name });
    this.#input = own?.open(setup, listener) ?? openInput(source, setup, listener, onDevice);
    const failure = await this.#input.ended;
    this.#input = null;
    return { failure, liveFor: last - first };
  }

  #put(packet: TimedPacket): void {
    if (this.#status.state !== "on") {
      this.#options.ffmpeg.log.info("The sound is on", { source: this.#status.name });
      this.#setStatus({ ...this.#status, state: "on", reason: null, isOpen: true });
    }
    this.#queue.put({ track: "sound", isKey: true, sequence: ++this.#sequence, ...packet });
  }

  #take({ reason }: SoundFailure): void {
    const { log } = this.#options.ffmpeg;
    if (this.#status.reason === reason) log.debug(reason);
    else log.warn(reason);
    this.#setStatus({ ...this.#status, reason });
  }

  #setStatus(status: SoundStatus): void {
    const { state, name, reason, isOpen } = this.#status;
    const isSame = status.state === state && status.name === name && status.reason === reason &&
      status.isOpen === isOpen;
    if (isSame) return;
    this.#status = status;
    this.events.emit("status", status);
  }
}

const OFF: SoundSource = { kind: "off" };
const CLOSED = { state: "waiting", isOpen: false } as const;

/** Returns the status of a source that is not open. */
function statusOf(source: SoundSource): SoundStatus {
  const state = source.kind === "off" ? "off" : "waiting";
  return { state, name: soundTitle(source), reason: null, isOpen: false };
}
