import { z } from "zod";

/** A title from outside: 1 to 100 characters on one line, as `--title` takes it. */
export const oneLineTitle = z.string().trim().min(1).max(100).regex(
  /^\P{Cc}*$/u,
  "a title is one line",
);

export interface ChannelOptions {
  readonly title: string;
  /** Called after every change. */
  readonly onChange?: () => void;
}

/** What the streamer says of the channel. */
export class Channel {
  readonly #onChange: () => void;
  #title: string;
  #onAir = true;

  constructor({ title, onChange = () => {} }: ChannelOptions) {
    this.#title = title;
    this.#onChange = onChange;
  }

  get title(): string {
    return this.#title;
  }

  set title(title: string) {
    if (title === this.#title) return;
    this.#title = title;
    this.#onChange();
  }

  /** Whether viewers see the camera; off air they keep their connections and see a card. */
  get onAir(): boolean {
    return this.#onAir;
  }

  set onAir(onAir: boolean) {
    if (onAir === this.#onAir) return;
    this.#onAir = onAir;
    this.#onChange();
  }
}
