import { onClick, setUpKeys } from "./actions.js";
import { postChoices } from "./api.js";
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
import { createViewerSocket } from "./viewer_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { PictureInPicture } from "./picture_in_picture.js";
import { Playback } from "./playback.js";
import { qualityText } from "./quality_text.js";
import { createScreen } from "./screen.js";
import { ServerClock } from "./server_clock.js";
import { ViewerChoices } from "./choices.js";
import { ChoicesView } from "./choices_view.js";
import { setUpShare } from "./share.js";
import { ChoicesSheet } from "./choices_sheet.js";
import { shortcutsFor } from "./shortcuts.js";
import { save, snapshotName } from "./snapshot.js";
import { Statistics } from "./statistics.js";
import { Supporters } from "./supporters.js";
import { takeOver } from "./take_over.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */
/** @typedef {import("./choices.js").Choices} Choices */

const root = document.documentElement;
const canvas = byId("picture", HTMLCanvasElement);
const notices = new Notices();
const clock = new ServerClock();
const here = (/** @type {number} */ at) => clock.here(at);

const socket = createViewerSocket({
  onMessage: hear,
  onLost: () => playback.lost("Can't reach the server"),
  onRefusal: (reason) => setText(byId("chat-lost-reason", HTMLElement), reason),
});

// The picture comes first; everything else can wait a moment.
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
/** Quality of the frame painted last: `source` or 1..100. */
let quality = "source";
let instance = "";

const playback = new Playback({
  screen,
  socket,
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
    choicesView.showQuality(quality);
  },
  onTick: () => channelView.tick(),
});

const choicesView = new ChoicesView();
const statistics = new Statistics();
const pip = new PictureInPicture({
  canvas,
  onChange: () => playback.refresh(),
  onError: (message) => notices.error(message),
});
const choices = new ViewerChoices({
  initial: choicesView.initial,
  post: postChoices,
  onChange: (current) => choicesView.show(current),
  onError: (error) => notices.error(`Your choice was not saved: ${error.message}`),
});
const channelView = new ChannelView(notices, clock);
const fullscreen = new Fullscreen();
const sheet = new ChoicesSheet();
const chat = new Chat({ socket, here });
const donate = new Donate(notices);
const celebration = new Celebration(notices);
const supporters = new Supporters();
const openShare = setUpShare();
const shortcuts = shortcutsFor(choicesView.qualities);
const toggleKeys = setUpKeysSheet(shortcuts);

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
      return choices.adopt(message.settings);
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
  if (isRestarted) playback.lost("The server has restarted");
  playback.hurry();
  await Promise.all([
    clock.sync(),
    // A restarted server may have lost what this viewer chose.
    isRestarted ? choices.restore().catch(() => {}) : choices.adopt(hello.settings),
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
  playback.reported(stream);
  const { mode, quality, filter } = choices.current;
  const chosen = { mode, quality: choicesView.labelOf(quality), filter };
  choicesView.showGiven(qualityText(delivery, chosen));
  statistics.show(delivery, chosen);
}

/** @param {Extract<ServerMessage, { type: "kicked" }>} kicked */
function leave({ reason, until }) {
  playback.barred = true;
  update({ kicked: { reason, until } });
  // Banned for good: the server would refuse to reconnect.
  if (until === null) socket.close();
}

/** @param {boolean} paused */
function pause(paused) {
  root.dataset.paused = String(paused);
  byId("pause", HTMLButtonElement).title = `${paused ? "Return to live" : "Pause"} (Space or K)`;
  byId("pause", HTMLButtonElement).querySelector("span")?.replaceChildren(
    paused ? "Live" : "Pause",
  );
  playback.paused = paused;
  update({ paused });
}

async function snapshot() {
  const picture = await screen.snapshot();
  if (!picture) return notices.error("There is no picture to save yet");
  const { filter } = choices.current;
  save(picture, snapshotName({ title: document.title, at: new Date(), quality, filter }));
}

function comeBack() {
  if (state.kicked) {
    update({ kicked: null });
    playback.barred = false;
    socket.open();
  } else pause(false);
}

/** Focuses the chat; in fullscreen, shows or hides it. */
function toggleChat() {
  if (!fullscreen.isOn || fullscreen.toggleChat()) chat.focus();
}

/** Closes the topmost thing that is open. */
function escape() {
  if (sheet.close() || statistics.close()) return;
  if (fullscreen.isOn && !document.fullscreenElement) fullscreen.toggle();
}

const togglePause = () => pause(!playback.paused);
setUpKeys(shortcuts, {
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
  quality: ({ quality }) => choices.choose(/** @type {Partial<Choices>} */ ({ quality })),
  home: () => choices.choose({ mode: "home" }),
  gaming: () => choices.choose({ mode: "gaming" }),
  escape,
});
onClick("pause", togglePause);
onClick("snapshot", snapshot);
onClick("show-statistics", () => statistics.toggle());
choicesView.onChoice((change) => choices.choose(change));
cover.onAction(comeBack);

socket.open();
playback.start(() => pip.isOn);
takeOver();

if (new URLSearchParams(location.search).has("donated")) {
  history.replaceState(null, "", location.pathname);
  donate.thank();
}
