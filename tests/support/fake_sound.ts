import { UserError } from "../../src/errors.ts";
import { Emitter } from "../../src/events.ts";
import type { SoundPacket, Track } from "../../src/media/packet.ts";
import {
  type SoundProducer,
  type SoundProducerEvents,
  type SoundStatus,
  UnlistedSoundError,
} from "../../src/producers/sound/sound_producer.ts";

/** Opus of 20 ms of silence, mono. */
const SILENCE = new Uint8Array([0xf8, 0xff, 0xfe]);

/** Returns the packet of this number, 20 ms after the one before. */
export function soundPacket(sequence: number, changes: Partial<SoundPacket> = {}): SoundPacket {
  return {
    ...{ track: "sound", sequence, at: 1000 + sequence * 20, data: SILENCE, isKey: true },
    ...{ duration: 20, ...changes },
  };
}

/** A source of sound in the test's hands. At first it is a microphone that is closed. */
export class FakeSound implements SoundProducer {
  readonly tracks: readonly Track[] = ["sound"];
  readonly events: Emitter<SoundProducerEvents> = new Emitter();
  readonly dropped = 0;
  readonly restarts = 0;
  source = "auto";
  gain = 0;
  #status: SoundStatus = { state: "waiting", name: "Microphone", reason: null, isOpen: false };
  #isWanted = false;
  #waiting: SoundPacket[] = [];
  #wake = Promise.withResolvers<void>();
  #isStopped = false;

  get status(): SoundStatus {
    return this.#status;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  set isWanted(isWanted: boolean) {
    this.#isWanted = isWanted;
    this.change({ state: isWanted ? "on" : "waiting", isOpen: isWanted });
  }

  /** Changes the status. */
  change(changes: Partial<SoundStatus>): void {
    this.#status = { ...this.#status, ...changes };
    this.events.emit("status", this.#status);
  }

  /** Gives a packet. */
  give(packet: SoundPacket): void {
    this.#waiting.push(packet);
    this.#wake.resolve();
  }

  async *packets(): AsyncGenerator<SoundPacket, void, void> {
    while (!this.#isStopped) {
      yield* this.#waiting.splice(0);
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
    yield* this.#waiting.splice(0);
  }

  sources(): ReturnType<SoundProducer["sources"]> {
    return Promise.resolve([
      { source: "off", name: "Off" },
      { source: "auto", name: "Microphone" },
      { source: "busy", name: "Busy microphone" },
    ]);
  }

  switchTo(choice: string): Promise<void> {
    if (!["off", "auto", "busy"].includes(choice)) {
      return Promise.reject(new UnlistedSoundError("There is no such source"));
    }
    if (choice === "busy") return Promise.reject(new UserError("Cannot open it: it is busy"));
    this.source = choice;
    if (choice === "off") this.change({ state: "off", name: "", isOpen: false });
    else this.change({ state: this.#isWanted ? "on" : "waiting", name: "Microphone" });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake.resolve();
    return Promise.resolve();
  }
}
