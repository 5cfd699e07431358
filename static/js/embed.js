import { coverOf, CoverView } from "./cover.js";
import { byId, setText } from "./dom.js";
import { Notices } from "./notices.js";
import { createViewerSocket } from "./viewer_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { Playback } from "./playback.js";
import { createScreen } from "./screen.js";
import { takeOver } from "./take_over.js";

/** @typedef {import("./cover.js").CoverState} CoverState */
/** @typedef {import("../../src/live_messages.ts").ChannelState} ChannelState */

/* The player alone: the screen of the watch page without its controls. */

const root = document.documentElement;
const cover = new CoverView(new Notices());
/** @type {CoverState} */
let state = {
  player: "stopped",
  reason: "",
  paused: false,
  onAir: root.dataset.onAir !== "false",
  kicked: null,
};

const socket = createViewerSocket({
  onLost: () => playback.lost("Can't reach the server"),
  onMessage(message) {
    if (message.type === "hello" || message.type === "state") showState(message.state);
    else if (message.type === "delivery") playback.reported(message.stream);
    else if (message.type === "kicked") {
      playback.barred = true;
      update({ kicked: { reason: message.reason, until: message.until } });
    }
  },
});

const playback = new Playback({
  screen: createScreen({
    canvas: byId("picture", HTMLCanvasElement),
    image: byId("fallback", HTMLImageElement),
  }),
  socket,
  onStatus(player, reason) {
    root.dataset.player = player;
    if (player === "reconnecting") enterPasswordIfWanted();
    update({ player, reason });
  },
  onPicture() {},
  onTick() {},
});

/** @param {Partial<CoverState>} change */
function update(change) {
  state = { ...state, ...change };
  cover.show(coverOf(state));
}

/** @param {ChannelState} channelState */
function showState({ title, onAir, live }) {
  Object.assign(root.dataset, { onAir: String(onAir), live: String(live) });
  setText(byId("title", HTMLElement), title);
  document.title = title;
  update({ onAir });
}

cover.onAction(() => {
  playback.barred = false;
  update({ kicked: null });
});
socket.open();
playback.start(() => false);
takeOver();
