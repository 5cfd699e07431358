import { onClick, setUpKeys } from "./actions.js";
import { useCurrency } from "./amount_text.js";
import { postChoices } from "./api.js";
import { showBan } from "./ban.js";
import { Celebration } from "./celebration.js";
import { ChannelView } from "./channel_view.js";
import { Chat } from "./chat.js";
import { ChatPanel } from "./chat_panel.js";
import { isChatWindow } from "./chat_window.js";
import { coverOf, CoverView } from "./cover.js";
import { byId } from "./dom.js";
import { keepDraft } from "./draft.js";
import { Donate } from "./donate.js";
import { Fullscreen } from "./fullscreen.js";
import { GoalView } from "./goal_view.js";
import { Glow } from "./glow.js";
import { Idle } from "./idle.js";
import { setUpKeysSheet } from "./keys_sheet.js";
import { Notices } from "./notices.js";
import { createViewerSocket } from "./viewer_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { setUpPictureClicks } from "./picture_clicks.js";
import { PictureInPicture } from "./picture_in_picture.js";
import { Playback } from "./playback.js";
import { Reactions } from "./reactions.js";
import { createScreen } from "./screen.js";
import { ServerClock } from "./server_clock.js";
import { ViewerChoices } from "./choices.js";
import { ChoicesView } from "./choices_view.js";
import { setUpShare } from "./share.js";
import { ChoicesSheet } from "./choices_sheet.js";
import { shortcutsFor } from "./shortcuts.js";
import { flash, save, snapshotName } from "./snapshot.js";
import { Statistics } from "./statistics.js";
import { Supporters } from "./supporters.js";
import { takeOver } from "./take_over.js";
import { refusalText, text } from "./text.js";
import { Theatre } from "./theatre.js";
import { TimeAway } from "./time_away.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */
/** @typedef {import("./choices.js").Choices} Choices */

const root = document.documentElement;
const canvas = byId("picture", HTMLCanvasElement);
const notices = new Notices();
const clock = new ServerClock();
const here = (/** @type {number} */ at) => clock.here(at);

const socket = createViewerSocket({
  onMessage(message) {
    hear(message);
    chat.hear(message);
    reactions.hear(message);
  },
  onLost: () => playback.lost(text("error.unreachable")),
  onProblem: (problem, reason) => chat.showProblem(problem, reason),
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
  standby: /** @type {import("../../src/live_messages.ts").SourceReason} */ (root.dataset.reason) ||
    null,
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
    if (player === "refused") showBan();
    update({ player, reason });
  },
  onPicture(info) {
    if (!info) return;
    quality = info.quality;
    glow.update();
    statistics.painted();
    choicesView.showQuality(quality);
  },
  onTick() {
    channelView.tick();
    chatPanel.tick();
  },
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
  onError: (error) => notices.error(text("watch.settings.unsaved", { reason: error.message })),
});
const channelView = new ChannelView(notices, clock);
const timeAway = new TimeAway({
  clock,
  onTick: (reason) => {
    if (!state.kicked) return;
    update({ kicked: { ...state.kicked, reason } });
    chat.showProblem(text("watch.cover.kicked"), reason);
  },
  onLook: showBan,
  onReturn() {
    update({ kicked: null });
    playback.barred = isChatWindow;
    socket.open();
  },
});
const idle = new Idle();
const chatPanel = new ChatPanel({ onBlocked: (message) => notices.error(message) });
const theatre = new Theatre();
const fullscreen = new Fullscreen({
  onChange(on) {
    idle.watch(on);
    chatPanel.follow();
  },
});
const sheet = new ChoicesSheet();
keepDraft(byId("chat-text", HTMLTextAreaElement));
const reactions = new Reactions();
const chat = new Chat({
  socket,
  here,
  notices,
  onBlocked: (blocked) => reactions.disabled = blocked,
});
const donate = new Donate(notices);
const celebration = new Celebration(notices);
const supporters = new Supporters(here);
const goal = new GoalView();
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
      return supporters.show(message.support);
    case "donation":
      supporters.show(message.support);
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
  supporters.show(hello.support);
  const isRestarted = instance !== "" && instance !== hello.instance;
  instance = hello.instance;
  if (isRestarted) playback.lost(text("error.restarted"));
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
  useCurrency(channelState.currency);
  donate.showCurrency();
  goal.show(channelState.goal);
  donate.showLink(channelState.donateUrl);
  update({ onAir: channelState.onAir, standby: channelState.reason });
}

/** @param {Person} you */
function showYou(you) {
  channelView.showYou(you);
  donate.showYou(you);
}

/** @param {Extract<ServerMessage, { type: "delivery" }>} message */
function showDelivery({ stream, delivery, motion }) {
  if (stream !== playback.stream) return;
  playback.reported(stream);
  choicesView.showDelivery(delivery, choices.current, motion);
  statistics.show(delivery, choices.current);
}

/** @param {Extract<ServerMessage, { type: "kicked" }>} kicked */
function leave({ until, ...kicked }) {
  playback.barred = true;
  const reason = refusalText(kicked);
  update({ kicked: { reason, until } });
  chat.showProblem(reason, "");
  // Until then, the server would refuse to reconnect.
  socket.close();
  if (until === null) showBan();
  else timeAway.start(until);
}

/** @param {boolean} paused */
function pause(paused) {
  root.dataset.paused = String(paused);
  const button = byId("pause", HTMLButtonElement);
  button.title = text(paused ? "watch.resume.title" : "watch.pause.title");
  button.querySelector("span")?.replaceChildren(text(paused ? "watch.resume" : "watch.pause"));
  playback.paused = paused;
  update({ paused });
}

async function snapshot() {
  const picture = await screen.snapshot();
  if (!picture) return notices.error(text("watch.snapshot.missing"));
  const { filter } = choices.current;
  save(picture, snapshotName({ title: document.title, at: new Date(), quality, filter }));
  flash(byId("screen", HTMLElement));
  notices.success(text("watch.snapshot.saved"));
}

/** Shows and focuses the chat; in fullscreen, also hides it. */
function toggleChat() {
  if (fullscreen.isOn || !chatPanel.isShown) chatPanel.toggle();
  if (chatPanel.isShown) chat.focus();
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
  theatre: () => theatre.toggle(),
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
setUpPictureClicks({
  dismiss: () => sheet.close(),
  togglePause,
  toggleFullscreen: () => fullscreen.toggle(),
});
choicesView.onChoice((change) => choices.choose(change));
cover.onAction(() => pause(false));

socket.open();
if (isChatWindow) playback.barred = true;
playback.start(() => pip.isOn);
takeOver();

if (new URLSearchParams(location.search).has("donated")) {
  history.replaceState(null, "", location.pathname);
  donate.thank();
}
