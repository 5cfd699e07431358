import { onClick, setUpKeys } from "./actions.js";
import { postSettings } from "./api.js";
import { Celebration } from "./celebration.js";
import { ChannelView } from "./channel_view.js";
import { Chat } from "./chat.js";
import { coverOf, CoverView } from "./cover.js";
import { byId, setText } from "./dom.js";
import { Donate } from "./donate.js";
import { Fullscreen } from "./fullscreen.js";
import { Glow } from "./glow.js";
import { setUpKeysSheet } from "./keys_sheet.js";
import { Notices } from "./notices.js";
import { createPageChannel } from "./page_channel.js";
import { enterPasswordIfWanted } from "./password.js";
import { PictureInPicture } from "./picture_in_picture.js";
import { Playback } from "./playback.js";
import { qualityText } from "./quality_text.js";
import { createScreen } from "./screen.js";
import { ServerClock } from "./server_clock.js";
import { ViewerSettings } from "./settings.js";
import { SettingsView } from "./settings_view.js";
import { setUpShare } from "./share.js";
import { SettingsSheet } from "./sheet.js";
import { save, snapshotName } from "./snapshot.js";
import { Statistics } from "./statistics.js";
import { Supporters } from "./supporters.js";
import { takeOver } from "./take_over.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */

const root = document.documentElement;
const canvas = byId("picture", HTMLCanvasElement);
const notices = new Notices();
const clock = new ServerClock();
const here = (/** @type {number} */ at) => clock.here(at);

const channel = createPageChannel({
  onMessage: hear,
  onLost: () => playback.lost("The server cannot be reached"),
  onRefusal: (reason) => setText(byId("chat-lost-reason", HTMLElement), reason),
});

// The picture first: all else can wait a moment.
const screen = createScreen({ canvas, image: byId("fallback", HTMLImageElement) });
const glow = new Glow(byId("glow", HTMLCanvasElement), canvas);
const cover = new CoverView(notices);
/** @type {import("./cover.js").CoverState} */
let state = {
  player: "stopped",
  reason: "",
  paused: false,
  onAir: root.dataset.onAir !== "false",
  kicked: null,
};
/** Of the picture that was painted last: `source` or 1..100. */
let quality = "source";
let instance = "";

const playback = new Playback({
  screen,
  channel,
  onStatus(player, reason) {
    root.dataset.player = player;
    if (player === "reconnecting") enterPasswordIfWanted();
    update({ player, reason });
  },
  onPicture(info) {
    if (!info) return;
    quality = info.quality;
    glow.update();
    statistics.painted();
    settingsView.showQuality(quality);
  },
  onTick: () => channelView.tick(),
});

const settingsView = new SettingsView();
const statistics = new Statistics();
const pip = new PictureInPicture({
  canvas,
  onChange: () => playback.refresh(),
  onError: (message) => notices.error(message),
});
const settings = new ViewerSettings({
  initial: settingsView.initial,
  post: postSettings,
  onChange: (current) => settingsView.show(current),
  onError: (error) => notices.error(`Your choice was not saved: ${error.message}`),
});
const channelView = new ChannelView(notices, clock);
const fullscreen = new Fullscreen();
const sheet = new SettingsSheet();
const chat = new Chat({ channel, here });
const donate = new Donate(notices);
const celebration = new Celebration(notices);
const supporters = new Supporters();
const openShare = setUpShare();
const toggleKeys = setUpKeysSheet();

/** @param {Partial<import("./cover.js").CoverState>} change */
function update(change) {
  state = { ...state, ...change };
  cover.show(coverOf(state));
}

/** @param {ServerMessage} message */
function hear(message) {
  chat.hear(message);
  switch (message.type) {
    case "hello":
      return greet(message);
    case "state":
      clock.follow(message.state.startedAt, false);
      return showState(message.state);
    case "settings":
      return settings.adopt(message.settings);
    case "you":
      return showYou(message.you);
    case "delivery":
      return showDelivery(message);
    case "supporters":
      if (message.withdrawn !== undefined) celebration.withdraw(message.withdrawn);
      return supporters.show(message.supporters);
    case "donation":
      supporters.show(message.supporters);
      return celebration.show(message.donation);
    case "kicked":
      return leave(message);
  }
}

/** @param {Extract<ServerMessage, { type: "hello" }>} hello */
async function greet(hello) {
  clock.follow(hello.state.startedAt, true);
  showState(hello.state);
  showYou(hello.you);
  supporters.show(hello.supporters);
  const isRestarted = instance !== "" && instance !== hello.instance;
  instance = hello.instance;
  if (isRestarted) playback.lost("The server was restarted");
  playback.hurry();
  await Promise.all([
    clock.sync(),
    // A server that was restarted may have forgotten what this viewer chose.
    isRestarted ? settings.restore().catch(() => {}) : settings.adopt(hello.settings),
  ]);
  channelView.tick();
}

/** @param {import("../../src/live_messages.ts").ChannelState} channelState */
function showState(channelState) {
  channelView.show(channelState);
  donate.showLink(channelState.donateUrl);
  update({ onAir: channelState.onAir });
}

/** @param {Person} you */
function showYou(you) {
  channelView.showYou(you);
  donate.showYou(you);
}

/** @param {Extract<ServerMessage, { type: "delivery" }>} message */
function showDelivery({ stream, delivery }) {
  if (stream !== playback.stream) return;
  playback.told(stream);
  settingsView.showGiven(qualityText(delivery, settings.current));
  statistics.show(delivery, settings.current);
}

/** @param {Extract<ServerMessage, { type: "kicked" }>} kicked */
function leave({ reason, until }) {
  playback.barred = true;
  update({ kicked: { reason, until } });
  // For ever: the server ends the connection, and there is nothing to come back to.
  if (until === null) channel.close();
}

/** @param {boolean} paused */
function pause(paused) {
  root.dataset.paused = String(paused);
  byId("pause", HTMLButtonElement).title = `${paused ? "Back to live" : "Pause"} (Space or K)`;
  byId("pause", HTMLButtonElement).querySelector("span")?.replaceChildren(
    paused ? "Live" : "Pause",
  );
  playback.paused = paused;
  update({ paused });
}

async function snapshot() {
  const picture = await screen.snapshot();
  if (!picture) return notices.error("There is no picture to save yet");
  const { filter } = settings.current;
  save(picture, snapshotName({ title: document.title, at: new Date(), quality, filter }));
}

function comeBack() {
  if (state.kicked) {
    update({ kicked: null });
    playback.barred = false;
    channel.open();
  } else pause(false);
}

/** Writing is what one wants of the chat, but in fullscreen also not to see it. */
function toggleChat() {
  if (!fullscreen.isOn || fullscreen.toggleChat()) chat.focus();
}

/** Closes what was opened last. */
function escape() {
  if (sheet.close() || statistics.close()) return;
  if (fullscreen.isOn && !document.fullscreenElement) fullscreen.toggle();
}

const togglePause = () => pause(!playback.paused);
setUpKeys({
  pause: togglePause,
  fullscreen: () => fullscreen.toggle(),
  pip: () => pip.toggle(),
  snapshot,
  statistics: () => statistics.toggle(),
  chat: toggleChat,
  settings: () => sheet.toggle(),
  donate: () => donate.open(),
  share: openShare,
  keys: toggleKeys,
  high: () => settings.choose({ quality: "high" }),
  medium: () => settings.choose({ quality: "medium" }),
  low: () => settings.choose({ quality: "low" }),
  home: () => settings.choose({ mode: "home" }),
  gaming: () => settings.choose({ mode: "gaming" }),
  escape,
});
onClick("pause", togglePause);
onClick("snapshot", snapshot);
onClick("show-statistics", () => statistics.toggle());
settingsView.onChoice((change) => settings.choose(change));
cover.onAction(comeBack);

channel.open();
playback.start(() => pip.isOn);
takeOver();

if (new URLSearchParams(location.search).has("donated")) {
  history.replaceState(null, "", location.pathname);
  donate.thank();
}
