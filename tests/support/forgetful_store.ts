import type { ChannelStore } from "../../src/channel/store.ts";

/** A channel's store that keeps nothing. */
export const FORGETFUL_STORE: ChannelStore = {
  isOnAir: () => null,
  setOnAir: () => {},
  title: () => null,
  setTitle: () => {},
};
