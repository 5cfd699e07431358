import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { ChannelState } from "../../live_messages.ts";
import type { SocketSet } from "./socket_set.ts";

/** Options of {@linkcode StateNews}. */
export interface StateNewsOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** Returns the channel's state. */
  readonly state: () => ChannelState;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The least time between two states. Milliseconds. */
const INTERVAL_MS = 250;

/** Sends pages the channel's state when it changes. */
export class StateNews {
  readonly #sockets: SocketSet;
  readonly #state: () => ChannelState;
  readonly #clock: Pick<Clock, "monotonic">;
  #sent: string;
  #sentOnAir: boolean;
  #sentAt = -Infinity;

  /** Takes the present state for known: a page learns it when it connects. */
  constructor({ sockets, state, clock = SYSTEM_CLOCK }: StateNewsOptions) {
    this.#sockets = sockets;
    this.#state = state;
    this.#clock = clock;
    const known = state();
    this.#sent = JSON.stringify(known);
    this.#sentOnAir = known.onAir;
  }

  /**
   * Sends the state if it changed, unless one was sent a moment ago; that the channel goes on or off air does not
   * wait. Call it several times a second.
   */
  update(): void {
    const isDue = this.#clock.monotonic() - this.#sentAt >= INTERVAL_MS;
    if (isDue || this.#state().onAir !== this.#sentOnAir) this.updateNow();
  }

  /** Sends the state if it changed: for what the streamer changes, and pages show at once. */
  updateNow(): void {
    const state = this.#state();
    const text = JSON.stringify(state);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#sentOnAir = state.onAir;
    this.#sentAt = this.#clock.monotonic();
    this.#sockets.send({ type: "state", state });
  }
}
