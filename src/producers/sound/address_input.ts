import { type Address } from "../ffmpeg/address_input.ts";
import { ConnectionWatch } from "../ffmpeg/connection_watch.ts";
import { InputReport } from "../ffmpeg/findings.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import { Redirects } from "../ffmpeg/redirects.ts";
import { nameSource } from "../ffmpeg/source_name.ts";
import type { PictureSource } from "../picture_source.ts";
import { type AddressSound, mayBeRecorded, pictureSounds } from "./address_ways.ts";
import { diagnoseSound, lacksEncoder, type SoundNaming } from "./sound_diagnosis.ts";
import type { SoundFailure, SoundInput, SoundListener, SoundSetup } from "./sound_input.ts";
import { SoundRun, type SoundRunEnd } from "./sound_run.ts";
import { ENCODERS } from "./sound_ways.ts";

/** Options of {@linkcode AddressInput}. */
export interface AddressInputOptions {
  /** The address. */
  readonly source: Address;
  /** Encodes and stamps. */
  readonly setup: SoundSetup;
  /** Takes packets and levels. */
  readonly listener: SoundListener;
  /** The picture of the same address. */
  readonly picture?: Pick<PictureSource, "relayed">;
}

/** How a run ended, and why it was ended. */
interface AddressEnd extends SoundRunEnd {
  /** Whether the source sent ffmpeg to another host. */
  readonly astray: boolean;
  /** For {@linkcode Redirects}. */
  readonly hadFrames: boolean;
}

/** The sound of an address, stamped by its arrival. */
export class AddressInput implements SoundInput {
  /** Settles with why it ended, once no ffmpeg runs. */
  readonly ended: Promise<SoundFailure>;
  readonly #options: AddressInputOptions;
  readonly #redirects: Redirects;
  readonly #naming: SoundNaming;
  /** Knows the hosts that the runs connected to. */
  readonly #connections = new ConnectionWatch();
  #run: SoundRun | null = null;
  #isRecorded = false;
  #isStopped = false;

  /** Opens the address. */
  constructor(options: AddressInputOptions) {
    const { source, setup } = options;
    this.#options = options;
    this.#redirects = new Redirects({ source, ffmpeg: setup.ffmpeg });
    this.#naming = { kind: "url", name: nameSource(source).forStreamer };
    this.ended = this.#open();
  }

  /** Ends it; no packet follows. */
  stop(): void {
    this.#isStopped = true;
    this.#redirects.stop();
    this.#run?.stop();
  }

  async #open(): Promise<SoundFailure> {
    let encoder = 0;
    let way = 0;
    /** How the sound of a livestream at this address ended. */
    let relayed: AddressEnd | null = null;
    const { picture } = this.#options;
    for (;;) {
      const wasRecorded = this.#isRecorded;
      const ways = pictureSounds(this.#redirects.target as Address, wasRecorded);
      const { isRelayed } = ways[way];
      const end = await this.#try(ways[way], encoder);
      if (this.#isStopped) return CLOSED;
      if (this.#isRecorded !== wasRecorded) continue;
      const followed = await this.#redirects.follow(end);
      if (this.#isStopped) return CLOSED;
      if (followed === null) {
        // The new address may have other ways.
        way = 0;
        relayed = null;
        continue;
      }
      if (lacksEncoder(end) && encoder + 1 < ENCODERS.length) {
        encoder++;
        continue;
      }
      if (isRelayed) relayed = followed;
      // To look for sound in its pictures would only take a seat there. Its first picture may come after another way was tried.
      if (relayed && picture?.relayed) {
        const { name } = this.#naming;
        return relayed.lines.some((line) => NO_SOUND.test(line))
          ? { kind: "refused", reason: `${name} has no sound` }
          : this.#diagnose(relayed);
      }
      // Whatever another server says of an address that only livestreams have, its own may have sound.
      const mayBeAnother = isRelayed && !followed.hadPackets && followed.startFailure === null;
      if ((mayBeAnother || mayWorkOtherwise(followed)) && way + 1 < ways.length) {
        way++;
        continue;
      }
      return this.#diagnose(followed);
    }
  }

  async #try({ input, isRelayed }: AddressSound, encoder: number): Promise<AddressEnd> {
    const report = new InputReport();
    let astray = false;
    const { source, setup, listener, picture } = this.#options;
    const run = new SoundRun({
      ...{ setup, listener, input, encoder: ENCODERS[encoder], maxMemory: MAX_FFMPEG_MEMORY },
      ...(isRelayed && { clockOffset: () => picture?.relayed?.clockOffset ?? null }),
      onLine: (line) => {
        astray ||= this.#connections.isAstray(line);
        report.take(line);
        const isNew = report.isOver && report.isRecorded && !this.#isRecorded;
        if (isNew && mayBeRecorded(source)) this.#isRecorded = true;
        else if (!astray) return;
        run.stop();
      },
    });
    this.#run = run;
    const end = await run.ended;
    return { ...end, astray, hadFrames: end.hadPackets };
  }

  #diagnose(end: AddressEnd): SoundFailure {
    if (!end.astray) return diagnoseSound(this.#naming, end, this.#options.setup.ffmpeg.system);
    const { name } = this.#naming;
    const why = "it sends this machine to another address, which is not followed";
    return { kind: "refused", reason: `Cannot play the sound of ${name}: ${why}` };
  }
}

const CLOSED: SoundFailure = { kind: "ended", reason: "The sound was closed" };

/** Returns whether another transport may help: nothing came, and not because there is no sound. */
function mayWorkOtherwise({ astray, hadPackets, startFailure, lines }: AddressEnd): boolean {
  if (astray || hadPackets || startFailure !== null) return false;
  return !lines.some((line) => REFUSED.test(line));
}

/** What ffmpeg logs where a livestream has no sound. */
const NO_SOUND = /HTTP error 404|404 Not Found|matches no streams/;

const REFUSED = /matches no streams|Connection refused|40[134] |Failed to resolve hostname/;
