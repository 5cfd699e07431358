import type { ChannelStore } from "../../src/channel/store.ts";

/** Keeps nothing of a channel. */
export const FORGETFUL_STORE: ChannelStore = {
  isOnAir: () => null,
  setOnAir: () => {},
  title: () => null,
  setTitle: () => {},
};
