import { JitterBuffer, SPARE_MS } from "../../../static/js/sound/jitter_buffer.js";

/** A packet on its way. Times in milliseconds. */
export interface Sent {
  readonly sequence: number;
  /** Its timestamp, by the sender's clock. */
  readonly at: number;
  /** When it arrives, by the listener's clock. */
  readonly arrives: number;
}

/** A packet that played. */
export interface Played extends Sent {
  /** When, by the listener's clock. */
  readonly start: number;
  readonly rate: number;
  /** Milliseconds of silence or concealment before it. */
  readonly hole: number;
}

/** What became of a run. */
export interface Heard {
  readonly played: readonly Played[];
  readonly buffer: JitterBuffer;
}

/** The length of a packet. Milliseconds. */
export const DURATION = 20;

/** How a simulated sender and its link behave. */
export interface LinkOptions {
  readonly seconds: number;
  /** How much too slow the sender's clock is: .005 makes a packet of 20 ms last 20.1 ms. */
  readonly drift?: number;
  /** How long a packet sent at this time is under way. Packets do not overtake one another. */
  readonly delay?: (time: number, sequence: number) => number;
  /** Whether it is lost. */
  readonly isLost?: (sequence: number) => boolean;
}

/** Returns the packets of a sender whose timestamps count samples. */
export function sendOver(
  { seconds, drift = 0, delay = () => 5, isLost = () => false }: LinkOptions,
) {
  const packets: Sent[] = [];
  let free = 0;
  for (let sequence = 1; sequence <= seconds * 1000 / DURATION; sequence++) {
    const at = 1_700_000_000_000 + sequence * DURATION;
    const time = 1000 + sequence * DURATION * (1 + drift);
    free = Math.max(free, time + delay(time, sequence));
    if (!isLost(sequence)) packets.push({ sequence, at, arrives: free });
  }
  return packets;
}

/** As `SoundPlayer` has it. */
const MAX_CONTINUED = 2;

/** Plays packets as `SoundPlayer` does, at the time of their arrival and without any sound. */
export function hear(
  packets: readonly Sent[],
  hold: (now: number) => number | null = () => null,
): Heard {
  const buffer = new JitterBuffer();
  const played: Played[] = [];
  let end = 0;
  let content = 0;
  /** For how many packets the sound went on that had not come; the last of them fades out. */
  let continued = 0;
  for (const packet of packets) {
    const now = packet.arrives;
    while (content > 0 && continued <= MAX_CONTINUED && now > end - SPARE_MS) {
      end += DURATION;
      if (++continued <= MAX_CONTINUED) buffer.continued();
      else buffer.ranOut();
    }
    const arrived = { sequence: packet.sequence, at: packet.at, duration: DURATION };
    const playing = buffer.push(arrived, now, end, hold(now));
    if (!playing) continue;
    const start = playing.start ?? end + playing.missing * DURATION;
    if (start < end - 1e-6) throw new Error(`Packet ${packet.sequence} plays over the one before`);
    if (start < now) throw new Error(`Packet ${packet.sequence} plays before it arrives`);
    played.push({ ...packet, start, rate: playing.rate, hole: content && start - content });
    continued = 0;
    end = content = start + DURATION / playing.rate;
  }
  return { played, buffer };
}

/** Numbers of a simulation, the same each time: 0..1. */
export function randomNumbers(seed: number): () => number {
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };
}
