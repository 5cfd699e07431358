import type { SoundSource } from "../../src/consumers/sound/program_sound.ts";
import { Emitter } from "../../src/events.ts";
import type { SoundState } from "../../src/live_messages.ts";
import { OggReader } from "../../src/media/ogg/reader.ts";
import type { SoundPacket } from "../../src/media/packet.ts";
import { silence } from "../../src/media/opus.ts";
import type { SoundConsumer } from "../../src/streams/sound_consumer.ts";
import type { SoundStreamEvents } from "../../src/streams/sound_stream.ts";

/** A stream of sound in the test's hands. */
export class SoundEmitter {
  /** How it is. */
  current: SoundState = "on";
  readonly #consumers: SoundConsumer[] = [];
  #sequence = 0;

  readonly events: Emitter<SoundStreamEvents> = new Emitter();

  readonly stream: SoundSource = {
    events: this.events,
    join: (consumer: SoundConsumer): void => {
      this.#consumers.push(consumer);
    },
    leave: (consumer: SoundConsumer): void => {
      this.#consumers.splice(this.#consumers.indexOf(consumer), 1);
    },
  };

  /** How many listen. */
  get listeners(): number {
    return this.#consumers.length;
  }

  /** Gives a packet of 20 ms to those who listen, unless it is muted. */
  publish(data: Uint8Array<ArrayBuffer> = silence(1)): void {
    if (this.current === "muted") return;
    this.publishPacket({ sequence: ++this.#sequence, at: Date.now(), data });
  }

  /** Gives a packet of 20 ms as it is to those who listen. */
  publishPacket(fields: Pick<SoundPacket, "sequence" | "at" | "data">): void {
    const packet = { track: "sound", isKey: true, duration: 20, ...fields } as const;
    for (const consumer of new Set(this.#consumers)) consumer.deliver(packet);
  }

  /** Gives the packets of a tone that ffmpeg plays in real time; ends when disposed. */
  play(frequency = 440): AsyncDisposable {
    const process = new Deno.Command("ffmpeg", {
      args: [
        ...["-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi"],
        ...["-i", `sine=frequency=${frequency}:sample_rate=48000`],
        ...["-c:a", "libopus", "-page_duration", "20000", "-f", "ogg", "-"],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reading = (async () => {
      const reader = new OggReader();
      for await (const chunk of process.stdout) {
        for (const { data } of reader.push(chunk)) this.publish(data);
      }
    })();
    return {
      async [Symbol.asyncDispose]() {
        process.kill("SIGKILL");
        await Promise.all([process.status, reading]);
      },
    };
  }
}
