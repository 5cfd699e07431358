import { showBan } from "./ban.js";
import { coverOf, CoverView } from "./cover.js";
import { byId, setText } from "./dom.js";
import { EmbedControls } from "./embed_controls.js";
import { Notices } from "./notices.js";
import { createViewerSocket } from "./viewer_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { Playback } from "./playback.js";
import { createScreen } from "./screen.js";
import { ServerClock } from "./server_clock.js";
import { takeOver } from "./take_over.js";
import { refusalText, text } from "./text.js";
import { TimeAway } from "./time_away.js";
import { VideoChoice } from "./video_choice.js";
import { Volume } from "./volume.js";

/** @typedef {import("./cover.js").CoverState} CoverState */
/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("../../src/live_messages.ts").SourceReason} SourceReason */
/** @typedef {import("../../src/media/rendition.ts").Filter} Filter */

/* The player alone: the screen of the watch page with few of its controls. */

const root = document.documentElement;
const notices = new Notices();
const cover = new CoverView(notices);
/** @type {CoverState} */
let state = {
  player: "stopped",
  reason: "",
  paused: false,
  onAir: root.dataset.onAir !== "false",
  standby: /** @type {SourceReason} */ (root.dataset.reason) || null,
  kicked: null,
};

const socket = createViewerSocket({
  onBinary: (message) => volume.hear(message),
  onLost() {
    playback.lost(text("error.unreachable"));
    volume.lost();
  },
  onMessage: hear,
});

const video = new VideoChoice();

const playback = new Playback({
  screen: createScreen({
    canvas: byId("picture", HTMLCanvasElement),
    image: byId("fallback", HTMLImageElement),
    video: video.screenOptions({
      // What the viewer chose on the watch page, if the browser sends its cookie here.
      filter: () => /** @type {Filter} */ (root.dataset.filter),
      restart: () => playback.restart(),
    }),
  }),
  socket,
  // In a frame of another site there is no cookie by which the server could know the choice.
  choices: () => `&quality=${controls.quality}${video.query}`,
  onStatus(player, reason) {
    root.dataset.player = player;
    if (player === "reconnecting") enterPasswordIfWanted();
    if (player === "refused") showBan();
    update({ player, reason });
  },
  onPicture: (info) => info && volume.painted(info),
  onTick() {},
});

const timeAway = new TimeAway({
  clock: new ServerClock(),
  onTick(reason) {
    if (state.kicked) update({ kicked: { ...state.kicked, reason } });
  },
  onLook: showBan,
  onReturn() {
    update({ kicked: null });
    playback.barred = false;
    socket.open();
  },
});

const volume = new Volume({ socket, notices });
/** How the channel's sound is. @type {import("../../src/live_messages.ts").SoundState} */
let sound = "off";

const controls = new EmbedControls({
  volume,
  onPause: (paused) => {
    playback.paused = paused;
    update({ paused });
  },
  onQuality: () => playback.restart(),
});

/** @param {Partial<CoverState>} change */
function update(change) {
  state = { ...state, ...change };
  cover.show(coverOf(state));
  const { onAir, paused, kicked } = state;
  volume.show(sound, onAir && !paused && !kicked);
}

/** @param {ServerMessage} message */
function hear(message) {
  if (message.type === "hello") volume.reconnected();
  if (message.type === "hello" || message.type === "settings") {
    root.dataset.filter = message.settings.filter;
  }
  if (message.type === "hello" || message.type === "state") showState(message.state);
  else if (message.type === "delivery") playback.reported(message.stream);
  else if (message.type === "kicked") leave(message);
}

/** @param {Extract<ServerMessage, { type: "kicked" }>} kicked */
function leave({ until, ...kicked }) {
  playback.barred = true;
  update({ kicked: { reason: refusalText(kicked), until } });
  // Until then, the server would refuse to reconnect.
  socket.close();
  if (until === null) showBan();
  else timeAway.start(until);
}

/** @param {ChannelState} channelState */
function showState({ title, onAir, live, reason, ...channelState }) {
  sound = channelState.sound;
  Object.assign(root.dataset, { onAir: String(onAir), live: String(live), sound });
  setText(byId("title", HTMLElement), title);
  document.title = title;
  update({ onAir, standby: reason });
}

cover.onAction(() => controls.pause(false));
socket.open();
playback.start(() => false);
takeOver();
