import { OggWriter } from "../../media/ogg/writer.ts";
import { type EncodedSoundConsumer, type ProgramSound } from "./program_sound.ts";
import { ProgramBody } from "../program_body.ts";

/** The packets that wait for a program: 500 ms. */
const CAPACITY = 25;

/**
 * Opens the body of a response that sends the sound as Opus in Ogg, beginning with what comes next.
 *
 * @param onEnd Called once when the response ends, whoever ended it.
 */
export function openOggBody(
  sound: Pick<ProgramSound, "join" | "leave">,
  onEnd: (body: ProgramBody) => void,
): ProgramBody {
  const writer = new OggWriter();
  const body = new ProgramBody({
    opening: writer.headers(),
    // Only here, as positions must have no gap where packets were dropped.
    encode: (opus) => writer.page(opus),
    capacity: CAPACITY,
    onEnd: (body) => {
      sound.leave(consumer);
      onEnd(body);
    },
  });
  const consumer: EncodedSoundConsumer = {
    deliver: (opus) => body.put(opus),
    clear: () => body.clear(),
  };
  sound.join(consumer);
  return body;
}
