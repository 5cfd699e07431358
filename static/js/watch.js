import { onClick, setUpKeys } from "./actions.js";
import { useCurrency } from "./amount_text.js";
import { postChoices } from "./api.js";
import { showBan } from "./ban.js";
import { ChannelView } from "./channel_view.js";
import { Chat } from "./chat.js";
import { ChatPanel } from "./chat_panel.js";
import { isChatWindow } from "./chat_window.js";
import { byId } from "./dom.js";
import { keepDraft } from "./draft.js";
import { Donate } from "./donate.js";
import { Fullscreen } from "./fullscreen.js";
import { GoalView } from "./goal_view.js";
import { Glow } from "./glow.js";
import { Idle } from "./idle.js";
import { lazy } from "./lazy.js";
import {
  cover,
  coverState,
  notices,
  playback,
  screen,
  setHandlers,
  socket,
  update,
  video,
} from "./picture.js";
import { setUpPictureClicks } from "./picture_clicks.js";
import { PictureInPicture } from "./picture_in_picture.js";
import { Reactions } from "./reactions.js";
import { ServerClock } from "./server_clock.js";
import { ViewerChoices } from "./choices.js";
import { ChoicesView } from "./choices_view.js";
import { ChoicesSheet } from "./choices_sheet.js";
import { shortcutsFor } from "./shortcuts.js";
import { takeOver } from "./take_over.js";
import { refusalText, text, withTexts } from "./text.js";
import { Theatre } from "./theatre.js";
import { Volume } from "./volume.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */
/** @typedef {import("./choices.js").Choices} Choices */

const root = document.documentElement;
const canvas = byId("picture", HTMLCanvasElement);
const clipButton = byId("clip", HTMLButtonElement);
const clock = new ServerClock();
const here = (/** @type {number} */ at) => clock.here(at);

const glow = new Glow(byId("glow", HTMLCanvasElement), screen);
/** Quality of the frame painted last: `source` or 1..100. */
let quality = "source";
let instance = "";

const choicesView = new ChoicesView();
/** `null` until the viewer first opens it. @type {import("./statistics.js").Statistics | null} */
let statistics = null;
/** `null` until there is a past to go to. @type {import("./rewind/rewind.js").Rewind | null} */
let rewind = null;
const pip = new PictureInPicture({
  canvas,
  onStart: () => paintCanvas(true),
  onChange() {
    paintCanvas(pip.isOn);
    playback.refresh();
  },
  onError: (message) => notices.error(message),
});
const choices = new ViewerChoices({
  initial: choicesView.initial,
  post: postChoices,
  onChange: (current) => choicesView.show(current),
  onError: (error) => notices.error(text("watch.settings.unsaved", { reason: error.message })),
});
const channelView = new ChannelView(notices, clock);
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
const goal = new GoalView();
const volume = new Volume({ socket, notices });
/** How the channel's sound is. @type {import("../../src/live_messages.ts").SoundState} */
let sound = "off";
/** The newest. @type {import("../../src/live_messages.ts").ChannelState} */
let channel;
let isModerator = false;
const shortcuts = shortcutsFor(choicesView.qualities);
// Most visits need none of these.
const celebration = lazy(() =>
  import("./celebration.js").then(({ loadCelebration }) => loadCelebration(notices))
);
const supporters = lazy(() =>
  import("./supporters.js").then(({ Supporters }) => new Supporters(here))
);
const share = lazy(() =>
  withTexts(() => import("./share.js")).then(({ setUpShare }) => setUpShare())
);
const keysSheet = lazy(() =>
  withTexts(() => import("./keys_sheet.js")).then(({ setUpKeysSheet }) => setUpKeysSheet(shortcuts))
);
const loadStatistics = lazy(() =>
  withTexts(() => import("./statistics.js")).then(({ Statistics }) => statistics = new Statistics())
);
const timeAway = lazy(() =>
  import("./time_away.js").then(({ TimeAway }) =>
    new TimeAway({
      clock,
      onTick: (reason) => {
        const { kicked } = coverState();
        if (!kicked) return;
        update({ kicked: { ...kicked, reason } });
        chat.showProblem(text("watch.cover.kicked"), reason);
      },
      onLook: showBan,
      onReturn() {
        update({ kicked: null });
        playback.barred = isChatWindow;
        socket.open();
      },
    })
  )
);
const loadRewind = lazy(() =>
  import("./rewind/rewind.js").then(({ Rewind }) =>
    rewind = new Rewind({
      ...{ playback, socket, clock, notices },
      onJump: () => volume.jump(rewind?.isPast ?? false),
      onChange: showPaused,
    })
  )
);
const snapshots = lazy(() => import("./snapshot.js"));
const clips = lazy(() =>
  withTexts(() => import("./clips/clip_dialog.js")).then(({ createClipDialog }) =>
    createClipDialog({ past: () => channel.rewind, wall: () => clock.wall() })
  )
);

const originLink = lazy(() => withTexts(() => import("./origin_link.js")));
/** The page of the livestream that this one relays. @type {string | undefined} */
let origin;

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
      if (message.withdrawn !== undefined) withdraw(message.withdrawn);
      return showSupport(message.support);
    case "donation":
      showSupport(message.support);
      return celebrate(message.donation);
    case "kicked":
      return leave(message);
  }
}

/** @param {Extract<ServerMessage, { type: "hello" }>} hello */
async function greet(hello) {
  clock.follow(hello.state.startedAt, true);
  showState(hello.state);
  showYou(hello.you);
  showSupport(hello.support);
  const isRestarted = instance !== "" && instance !== hello.instance;
  instance = hello.instance;
  if (isRestarted) playback.lost(text("error.restarted"));
  playback.hurry();
  volume.reconnected();
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
  sound = channelState.sound;
  channel = channelState;
  showClipButton();
  if (channel.origin !== origin) {
    origin = channel.origin;
    originLink().then(({ showOrigin }) => showOrigin(origin ?? ""), () => {});
  }
  update({ onAir: channelState.onAir, standby: channelState.reason });
  // An image does not say when its frames were captured.
  if (canvas.hidden || !(rewind || channelState.rewind)) return;
  loadRewind().then((rewind) => rewind.show(channelState), () => {});
}

/** @param {Person} you */
function showYou(you) {
  channelView.showYou(you);
  donate.showYou(you);
  isModerator = you.role !== undefined;
  showClipButton();
}

function showClipButton() {
  const { clips } = channel;
  clipButton.hidden = !channel.rewind || clips === "nobody" ||
    clips === "moderators" && !isModerator;
}

/** @param {{ at: number | null }} shown The wall time of the frame on the screen; `null` if it is live. */
function openClips(shown) {
  if (!clipButton.hidden) whenLoaded(clips(), (dialog) => dialog.open(shown));
}

/** @param {Extract<ServerMessage, { type: "delivery" }>} message */
function showDelivery({ stream, delivery, motion }) {
  if (stream !== playback.stream) return;
  playback.reported(stream);
  choicesView.showDelivery(delivery, choices.current, motion);
  statistics?.show(delivery, choices.current, video.path, volume.statistics, rewind?.behind);
}

/** @param {import("../../src/live_messages.ts").Support} support */
function showSupport(support) {
  const isEmpty = support.supporters.length + support.gifts.length === 0;
  if (isEmpty && byId("show-supporters", HTMLButtonElement).hidden) return;
  whenLoaded(supporters(), (supporters) => supporters.show(support));
}

/** @param {import("../../src/live_messages.ts").Donation} donation */
function celebrate(donation) {
  whenLoaded(celebration(), (celebration) => celebration.show(donation));
}

/** @param {number} id Of a donation that must not be shown any longer. */
function withdraw(id) {
  whenLoaded(celebration(), (celebration) => celebration.withdraw(id));
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
  else whenLoaded(timeAway(), (timeAway) => timeAway.start(until));
}

/** @param {boolean} needed Whether something shows the canvas, for which MediaSource leaves nothing but JPEGs. */
function paintCanvas(needed) {
  if (video.path !== "mediasource" || video.needsJpeg === needed) return;
  video.needsJpeg = needed;
  playback.restart();
}

/** Pauses, or goes on: where the viewer paused if that is kept, else live. */
function togglePause() {
  if (rewind) return rewind.togglePause();
  playback.paused = !playback.paused;
  showPaused(playback.paused);
}

/** @param {boolean} paused */
function showPaused(paused) {
  const { isAvailable, isPast } = rewind ?? { isAvailable: false, isPast: false };
  const [label, title] = !paused
    ? [text("watch.pause"), text("watch.pause.title")]
    : isAvailable
    ? [text("watch.rewind.play"), text("watch.rewind.play.title")]
    : [text("watch.resume"), text("watch.resume.title")];
  root.dataset.paused = String(paused);
  const button = byId("pause", HTMLButtonElement);
  button.title = title;
  button.querySelector("span")?.replaceChildren(label);
  // What is kept can be looked at.
  update({ paused: paused && !isAvailable, past: isPast });
}

/**
 * Uses a module once it is loaded, which fails if the server does not answer.
 *
 * @template T
 * @param {Promise<T>} loading
 * @param {(loaded: T) => void} use
 */
function whenLoaded(loading, use) {
  loading.then(use, () => notices.error(text("error.unreachable")));
}

/** Shows and focuses the chat; in fullscreen, also hides it. */
function toggleChat() {
  if (fullscreen.isOn || !chatPanel.isShown) chatPanel.toggle();
  if (chatPanel.isShown) chat.focus();
}

/** Closes the topmost thing that is open. */
function escape() {
  if (sheet.close() || statistics?.close()) return;
  if (fullscreen.isOn && !document.fullscreenElement) fullscreen.toggle();
}

const openShare = () => whenLoaded(share(), (open) => open());
const toggleKeys = () => whenLoaded(keysSheet(), (toggle) => toggle());
const toggleStatistics = () => whenLoaded(loadStatistics(), (panel) => panel.toggle());
const takeSnapshot = () =>
  whenLoaded(snapshots(), ({ takeSnapshot }) => {
    const at = new Date(here(rewind?.at ?? clock.wall()));
    takeSnapshot({ screen, notices, quality, filter: choices.current.filter, at });
  });
const clip = () => openClips({ at: rewind?.at ?? null });
setUpKeys(shortcuts, {
  pause: togglePause,
  mute: () => volume.toggle(),
  volume: (_, key) => volume.step(key === "ArrowUp" ? 1 : -1),
  fullscreen: () => fullscreen.toggle(),
  theatre: () => theatre.toggle(),
  pip: () => pip.toggle(),
  snapshot: takeSnapshot,
  clip,
  statistics: toggleStatistics,
  chat: toggleChat,
  settings: () => sheet.toggle(),
  donate: () => donate.open(),
  share: openShare,
  keys: toggleKeys,
  quality: ({ quality }) => choices.choose(/** @type {Partial<Choices>} */ ({ quality })),
  home: () => choices.choose({ mode: "home" }),
  gaming: () => choices.choose({ mode: "gaming" }),
  rewind: (_, key) => rewind?.press(key),
  escape,
});
onClick("pause", togglePause);
onClick("snapshot", takeSnapshot);
onClick("clip", clip);
onClick("share", openShare);
onClick("show-keys", toggleKeys);
if (video.path) {
  whenLoaded(import("./video/menu.js"), ({ showVideoMenu }) => {
    showVideoMenu(video, () => playback.restart());
  });
}
onClick("show-statistics", toggleStatistics);
setUpPictureClicks({
  dismiss: () => sheet.close() || volume.hasJustUnblocked,
  togglePause,
  toggleFullscreen: () => fullscreen.toggle(),
});
choicesView.onChoice((change) => choices.choose(change));
cover.onAction(togglePause);

setHandlers({
  message(message) {
    hear(message);
    chat.hear(message);
    reactions.hear(message);
  },
  binary: (message) => volume.hear(message),
  lost: () => volume.lost(),
  problem: (problem, reason) => chat.showProblem(problem, reason),
  painted(info) {
    quality = info.quality;
    volume.painted(info);
    rewind?.painted(info);
    glow.update();
    statistics?.painted(info);
    choicesView.showQuality(quality);
  },
  changed({ onAir, past, paused, kicked }) {
    const isSilent = rewind ? !rewind.hasSound : paused;
    volume.show(sound, (onAir || past === true) && !isSilent && !kicked && !isChatWindow);
  },
  tick() {
    rewind?.tick();
    channelView.tick();
    chatPanel.tick();
  },
  isShown: () => pip.isOn,
});
socket.open();
takeOver();

if (new URLSearchParams(location.search).has("donated")) {
  history.replaceState(null, "", location.pathname);
  donate.thank();
}
