import type { Clock } from "../../clock.ts";
import { type Form, isSameForm, pictureForm } from "../../media/jpeg/form.ts";
import type { Part } from "../../media/multipart.ts";
import { type Rendition, SOURCE } from "../../media/rendition.ts";
import type { Consumer } from "../../streams/consumer.ts";
import type { Stream } from "../../streams/stream.ts";
import type { PictureFeed, PictureListener } from "../passages/picture_feed.ts";

/** Gives a stream's JPEGs as they come. */
export class JpegFeed implements PictureFeed, Consumer {
  readonly followsMotion = false;
  readonly origin = null;
  readonly problem = null;
  readonly #stream: Pick<Stream, "join" | "leave">;
  readonly #listener: PictureListener;
  readonly #clock: Pick<Clock, "wall">;
  #form: Form | null = null;
  #sequence = -1;
  #isJoining = false;

  /** Gives nothing yet. */
  constructor(
    stream: Pick<Stream, "join" | "leave">,
    listener: PictureListener,
    clock: Pick<Clock, "wall">,
  ) {
    this.#stream = stream;
    this.#listener = listener;
    this.#clock = clock;
  }

  start(): void {
    this.#isJoining = true;
    this.#stream.join(this);
    this.#isJoining = false;
  }

  stop(): void {
    this.#stream.leave(this);
  }

  tick(): void {}

  decide(): Rendition {
    return SOURCE;
  }

  deliver({ frame }: Part): void {
    const isAgain = frame.sequence === this.#sequence;
    this.#sequence = frame.sequence;
    // What the stream has at first may be the card that viewers saw off air, drawn hours ago.
    if (this.#isJoining) return;
    const form = pictureForm(frame.data);
    if (!form) return;
    if (!this.#form || !isSameForm(this.#form, form)) this.#form = form;
    // A frame that is given again, as no other comes, still shows what is there now.
    const at = isAgain ? this.#clock.wall() : frame.at;
    this.#listener.picture({ at, data: frame.data, isKey: true }, this.#form);
  }
}
