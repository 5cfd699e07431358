import type { Logger } from "../log/log.ts";
import type { Kickable, Kicks } from "./kicks.ts";
import type { Full, Seats } from "./seats.ts";

/** The body of the response to a program, whatever it sends. */
export interface ProgramResponse {
  /** The number of packets and frames that the program lost. */
  readonly dropped: number;
  /** Bits a second that it was sent lately. */
  readonly bits: number;
  /** Nothing is sent while the kernel holds more than this. Bytes. */
  readonly maxUnsent: number;
  /** Why the program has to be cut off; `null` while it reads enough. */
  readonly failure: string | null;
  /** Whether nothing is sent at the moment. */
  isHeld: boolean;
  /** Ends the response in order. */
  close(): void;
  /** Fails the response. */
  abort(reason: string): void;
}

/** What the playing programs are built with. */
export interface PlayingProgramsOptions {
  /** Those of viewers, of which each program takes one. */
  readonly seats: Seats;
  /** Whom the streamer kicked a moment ago. */
  readonly kicks: Pick<Kicks, "waitOf">;
  /** Says who comes and leaves. */
  readonly log: Logger;
}

/** What a program plays: sound alone, or pictures and sound. */
export type Playback = "sound" | "video";

/** A program that wants to listen or watch. */
export interface PlayingProgram extends Kickable {
  /** What it plays. */
  readonly plays: Playback;
  /** Returns how many bytes the kernel holds that it could not send yet. */
  readonly unsent: () => number;
  /** Called before the connection of a program that reads nothing is cut. */
  readonly onCut: () => void;
}

/**
 * The programs that play sound or video: VLC with `/sound.ogg`, OBS with `/stream.ts`, an audio element of a
 * page.
 */
export class PlayingPrograms {
  readonly #options: PlayingProgramsOptions;
  readonly #programs = new Map<ProgramResponse, PlayingProgram>();
  #dropped = 0;
  #cut = 0;

  /** Begins without programs. */
  constructor(options: PlayingProgramsOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get count(): number {
    return this.#programs.size;
  }

  /** How many there are that play this. */
  countOf(playback: Playback): number {
    return [...this.#programs.values()].filter(({ plays }) => plays === playback).length;
  }

  /** Bits a second that all of them were sent lately. */
  get bits(): number {
    return [...this.#programs.keys()].reduce((sum, { bits }) => sum + bits, 0);
  }

  /** How many packets and frames programs lost since the start because they were late. */
  get dropped(): number {
    return [...this.#programs.keys()].reduce((sum, body) => sum + body.dropped, this.#dropped);
  }

  /** How many programs were cut off since the start because they read too slowly. */
  get cut(): number {
    return this.#cut;
  }

  /**
   * Lets a program play if there is a seat; returns why there is none.
   *
   * @param open Opens the body of its response.
   */
  admit<Response extends ProgramResponse>(
    program: PlayingProgram,
    open: (onEnd: (body: Response) => void) => Response,
  ): Response | Full {
    const { seats, log } = this.#options;
    const { client, device } = program;
    const full = seats.take(client);
    if (full) return full;
    const opened = open((body) => {
      seats.leave(client);
      this.#programs.delete(body);
      this.#dropped += body.dropped;
      log.debug("A program left", { client, device, programs: this.count });
    });
    this.#programs.set(opened, program);
    log.debug("A program connected", { client, device, programs: this.count });
    return opened;
  }

  /** Returns whether a program is still connected. */
  has(body: ProgramResponse): boolean {
    return this.#programs.has(body);
  }

  /** Ends the responses to viewers of whom this is true, by the id in their cookie. */
  end(isMeant: (id: string) => boolean): void {
    for (const [body, { id }] of [...this.#programs]) {
      if (id !== null && isMeant(id)) body.close();
    }
  }

  /**
   * Holds what slow programs do not take, cuts off those that take too little, and those of kicked viewers. Call
   * this a few times a second.
   */
  tick(): void {
    for (const [body, program] of [...this.#programs]) {
      body.isHeld = program.unsent() > body.maxUnsent;
      const { failure } = body;
      if (this.#options.kicks.waitOf(program) > 0) body.close();
      else if (failure !== null) this.#cutOff(body, program, failure);
    }
  }

  /** Ends all responses. */
  close(): void {
    for (const body of [...this.#programs.keys()]) body.close();
  }

  #cutOff(body: ProgramResponse, program: PlayingProgram, reason: string): void {
    const { client, device, onCut } = program;
    this.#cut++;
    this.#options.log.info("A program was cut off", { client, device, reason });
    onCut();
    body.abort(reason);
  }
}
