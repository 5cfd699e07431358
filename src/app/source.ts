import { CameraControls } from "../camera_controls/camera_controls.ts";
import type { OnAirState } from "../producers/program.ts";
import { currentSystem } from "../producers/ffmpeg/source.ts";
import { Switcher } from "../producers/switcher.ts";
import type { SourceRate } from "../consumers/session/source_rate.ts";
import type { PictureControl, Sources } from "../channel/studio_state.ts";
import type { Logger } from "../log/log.ts";
import type { Size } from "../media/jpeg/size.ts";
import type { Frame } from "../media/packet.ts";
import type { SourceFrame } from "../media/source_frame.ts";
import type { Lineage } from "../streams/lineage.ts";
import type { Options } from "../terminal/options.ts";
import { Turner } from "../transcode/turner.ts";
import type { SourcePart } from "./parts.ts";

/** What {@linkcode CameraSource} is built with. */
export interface CameraSourceOptions {
  /** The command line. */
  readonly options: Options;
  /** Its title stands on standby cards. */
  readonly channel: Pick<OnAirState, "title">;
  /** Counts the source's own frames. */
  readonly rate: SourceRate;
  /** Learns which programs are relayed. */
  readonly lineage: Lineage;
  /** Receives what happens to the source. */
  readonly log: Logger;
}

/** The source of `--source` and of the studio, with its camera's controls and its rotation. */
export class CameraSource implements SourcePart {
  /** Picks the producer. */
  readonly switcher: Switcher;
  /** Turns frames. */
  readonly turner: Turner;
  readonly controls: CameraControls;
  readonly #options: CameraSourceOptions;

  /** Builds the source; {@linkcode packets} and the switcher's `start` begin it. */
  constructor(parts: CameraSourceOptions) {
    const { options, channel, lineage, log } = this.#options = parts;
    this.turner = new Turner({ turn: { rotate: options.rotate, flip: options.flip }, log });
    this.switcher = new Switcher({
      source: options.source,
      lineage,
      wanted: options,
      ffmpeg: { program: options.ffmpeg, system: currentSystem(), log },
      card: () => ({ ...this.size, title: channel.title }),
    });
    this.controls = new CameraControls({
      device: () => this.switcher.device,
      wanted: options.control,
      log,
    });
    this.switcher.events.on("state", (state) => {
      log.debug("The source's state changed", { ...state });
      this.controls.follow(state.live);
    });
    this.switcher.events.on("resume", () => {
      // A USB camera that was reset has forgotten its controls.
      this.controls.follow(false);
      this.controls.follow(true);
    });
  }

  get events(): SourcePart["events"] {
    return this.switcher.events;
  }

  get state(): SourcePart["state"] {
    return this.switcher.state;
  }

  get sources(): Sources {
    const { switcher } = this;
    return {
      get current() {
        return switcher.source;
      },
      get name() {
        return switcher.details.source;
      },
      get reason() {
        return switcher.details.reason ?? switcher.notice;
      },
      list: () => switcher.sources(),
      switchTo: (source) => switcher.switchTo(source),
    };
  }

  get picture(): PictureControl {
    const { turner, switcher } = this;
    return {
      get turn() {
        return turner.turn;
      },
      set turn(turn) {
        turner.turn = turn;
        switcher.redrawCard();
      },
    };
  }

  get size(): Size {
    return this.turner.sizeOf(this.#options.options);
  }

  get copies(): boolean {
    return this.switcher.copies;
  }

  /** Yields the source's frames, turned, and its standby cards. */
  packets(): AsyncIterable<Frame> {
    return this.turner.packets(this.#counted());
  }

  /** Ends ffmpeg, and with it the packets. */
  async stop(): Promise<void> {
    await this.switcher.stop();
    this.turner.stop();
  }

  async *#counted(): AsyncGenerator<SourceFrame, void, void> {
    for await (const frame of this.switcher.packets()) {
      if (!frame.isCard) this.#options.rate.count(frame.data.length);
      yield frame;
    }
  }
}
