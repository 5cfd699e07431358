import { OggWriter, PRE_SKIP } from "../../media/ogg/writer.ts";
import { type EncodedSoundConsumer, type ProgramSound } from "./program_sound.ts";
import { ProgramBody } from "../program_body.ts";

/** At 48 kHz. */
const SAMPLES_PER_MS = 48;

/** The packets that wait for a program: 500 ms. */
const CAPACITY = 25;

/** A packet, and the wall time of its first sample. */
export interface TimedOpus {
  /** The encoded bytes. */
  readonly opus: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * Opens the body of a response that sends the sound as Opus in Ogg, beginning with what comes next.
 *
 * @param onEnd Called once when the response ends, whoever ended it.
 * @param isTimed Whether positions count from 1970 on, so that they say when each packet was captured.
 */
export function openOggBody(
  sound: Pick<ProgramSound, "join" | "leave">,
  onEnd: (body: ProgramBody<TimedOpus>) => void,
  isTimed = false,
): ProgramBody<TimedOpus> {
  const writer = new OggWriter();
  const body = new ProgramBody<TimedOpus>({
    opening: writer.headers(),
    // Only here, as positions must have no gap where packets were dropped.
    encode: ({ opus, at }) => {
      if (isTimed) writer.startAt(Math.round(at * SAMPLES_PER_MS) + PRE_SKIP);
      return writer.page(opus);
    },
    capacity: CAPACITY,
    onEnd: (body) => {
      sound.leave(consumer);
      onEnd(body);
    },
  });
  const consumer: EncodedSoundConsumer = {
    deliver: (opus, at) => body.put({ opus, at }),
    clear: () => body.clear(),
  };
  sound.join(consumer);
  return body;
}
