/*
 * Starts the picture of the watch page, and the page's other modules once it is there. Imports only what the first picture
 * needs: loading all modules at once would make it twice as late.
 */
import { showBan } from "./ban.js";
import { isChatWindow } from "./chat_window.js";
import { coverOf, CoverView } from "./cover.js";
import { byId } from "./dom.js";
import { Notices } from "./notices.js";
import { enterPasswordIfWanted } from "./password.js";
import { Playback } from "./playback.js";
import { createScreen } from "./screen.js";
import { text } from "./text.js";
import { VideoChoice } from "./video_choice.js";
import { createViewerSocket } from "./viewer_socket.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").SourceReason} SourceReason */

/**
 * @typedef {object} Handlers
 * @property {(message: ServerMessage) => void} message
 * @property {(message: ArrayBuffer) => void} binary
 * @property {() => void} lost The page socket was lost.
 * @property {(problem: string, reason: string) => void} problem As `createViewerSocket` has it.
 * @property {(info: import("./player.js").PictureInfo) => void} painted A frame was painted.
 * @property {(state: import("./cover.js").CoverState) => void} changed What may keep the viewer from seeing the picture.
 * @property {() => void} tick Runs each second while the page is visible.
 * @property {() => boolean} isShown Whether the picture is visible although the page is hidden.
 */

/** @type {Handlers | null} `null` until watch.js has started. */
let handlers = null;

/** If there is no picture after this long, the page's other modules start without it. Milliseconds. */
const PATIENCE_MS = 1000;

const root = document.documentElement;

export const notices = new Notices();
export const cover = new CoverView(notices);
/** @type {import("./cover.js").CoverState} */
let state = {
  player: "stopped",
  reason: "",
  paused: false,
  onAir: root.dataset.onAir !== "false",
  standby: /** @type {SourceReason} */ (root.dataset.reason) || null,
  kicked: null,
};

/** The page's connection to `/live`. watch.js opens it. */
export const socket = createViewerSocket({
  onMessage: (message) => handlers?.message(message),
  onBinary: (message) => handlers?.binary(message),
  onLost() {
    playback.lost(text("error.unreachable"));
    handlers?.lost();
  },
  onProblem: (problem, reason) => handlers?.problem(problem, reason),
});

export const video = new VideoChoice();
const { dataset: choices } = byId("settings", HTMLFormElement);

export const screen = createScreen({
  canvas: byId("picture", HTMLCanvasElement),
  image: byId("fallback", HTMLImageElement),
  video: video.screenOptions({
    filter: () => /** @type {import("./choices.js").Choices["filter"]} */ (choices.filter),
    restart: () => playback.restart(),
  }),
});

export const playback = new Playback({
  screen,
  socket,
  choices: () => video.query,
  onStatus(player, reason) {
    root.dataset.player = player;
    if (player === "reconnecting") enterPasswordIfWanted();
    if (player === "refused") showBan();
    update({ player, reason });
    if (player !== "connecting") startPage();
  },
  onPicture: (info) => info && handlers?.painted(info),
  onTick: () => handlers?.tick(),
});

/** @param {Handlers} page What watch.js does when something happens. */
export function setHandlers(page) {
  handlers = page;
}

/** Returns what may keep the viewer from seeing the picture. */
export function coverState() {
  return state;
}

/** @param {Partial<import("./cover.js").CoverState>} change What may keep the viewer from seeing the picture. */
export function update(change) {
  state = { ...state, ...change };
  cover.show(coverOf(state));
  handlers?.changed(state);
}

/** Starts watch.js with its modules. */
function startPage() {
  document.head.append(byId("later", HTMLTemplateElement).content);
}

// The image of fallback.js replaces the picture, until watch.js has started after all.
const followScripts = () => playback.barred = isChatWindow || root.dataset.scripts === "failed";
new MutationObserver(followScripts).observe(root, { attributeFilter: ["data-scripts"] });
followScripts();
playback.start(() => handlers?.isShown() ?? false);

const { onAir, live } = root.dataset;
if (onAir === "true" && live === "true" && !isChatWindow && !document.hidden) {
  setTimeout(startPage, PATIENCE_MS);
} else startPage();
