import type { ProgramBody } from "../consumers/sound/program_body.ts";
import type { Logger } from "../log/log.ts";
import type { Kickable, Kicks } from "./kicks.ts";
import type { Full, Seats } from "./seats.ts";

/** A program that reads nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;
/**
 * Nothing is sent while the kernel holds more than this for a program: what it has taken cannot be dropped
 * any more, and it would take minutes of sound. Half a second of 96 kbit/s. Bytes.
 */
const MAX_UNSENT = 6_000;

const STALLED = "Dropped: nothing was read for 10 seconds";

/** What the listening programs are built with. */
export interface ListeningProgramsOptions {
  /** Those of viewers, of which each program takes one. */
  readonly seats: Seats;
  /** Whom the streamer kicked a moment ago. */
  readonly kicks: Pick<Kicks, "waitOf">;
  /** Says who comes and leaves. */
  readonly log: Logger;
}

/** A program that wants to listen. */
export interface ListeningProgram extends Kickable {
  /** Returns how many bytes the kernel holds that it could not send yet. */
  readonly unsent: () => number;
  /** Called before the connection of a program that reads nothing is cut. */
  readonly onCut: () => void;
}

/** The programs that play the sound: VLC with `/sound.ogg`, an audio element of a page. */
export class ListeningPrograms {
  readonly #options: ListeningProgramsOptions;
  readonly #programs = new Map<ProgramBody, ListeningProgram>();
  #dropped = 0;

  /** Begins without programs. */
  constructor(options: ListeningProgramsOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get count(): number {
    return this.#programs.size;
  }

  /** How many packets and frames programs lost since the start because they were late. */
  get dropped(): number {
    return [...this.#programs.keys()].reduce((sum, body) => sum + body.dropped, this.#dropped);
  }

  /**
   * Lets a program listen if there is a seat; returns why there is none.
   *
   * @param open Opens the body of its response.
   */
  admit(
    program: ListeningProgram,
    open: (onEnd: (body: ProgramBody) => void) => ProgramBody,
  ): ProgramBody | Full {
    const { seats, log } = this.#options;
    const { client, device } = program;
    const full = seats.take(client);
    if (full) return full;
    const opened = open((body) => {
      seats.leave(client);
      this.#programs.delete(body);
      this.#dropped += body.dropped;
      log.debug("A program stopped listening", { client, device, listening: this.count });
    });
    this.#programs.set(opened, program);
    log.debug("A program listens", { client, device, listening: this.count });
    return opened;
  }

  /** Returns whether a program is still listening. */
  has(body: ProgramBody): boolean {
    return this.#programs.has(body);
  }

  /** Ends the responses to viewers of whom this is true, by the id in their cookie. */
  end(isMeant: (id: string) => boolean): void {
    for (const [body, { id }] of [...this.#programs]) {
      if (id !== null && isMeant(id)) body.close();
    }
  }

  /**
   * Holds what slow programs do not take, drops those that take nothing, and those of kicked viewers. Call
   * this a few times a second.
   */
  tick(): void {
    for (const [body, program] of [...this.#programs]) {
      body.isHeld = program.unsent() > MAX_UNSENT;
      if (this.#options.kicks.waitOf(program) > 0) body.close();
      else if (body.stalledFor >= STALL_LIMIT_MS) {
        program.onCut();
        body.abort(STALLED);
      }
    }
  }

  /** Ends all responses. */
  close(): void {
    for (const body of [...this.#programs.keys()]) body.close();
  }
}
