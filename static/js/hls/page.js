import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { delayText } from "../unit_text.js";
import { ChatView } from "./chat_view.js";
import { LivePlayer } from "./hls_player.js";
import { translatePage } from "./page_language.js";
import { ServerTime } from "./server_time.js";

/** @typedef {import("../../../src/live_messages.ts").ChannelCard} ChannelCard */

/* The page that caches multiply: it plays HLS and shows the chat, by addresses that are the same for everyone. */

/** Milliseconds between two looks at the channel. */
const INTERVAL_MS = 2_000;

/** A server that is silent for so long is asked again. Milliseconds. */
const TIMEOUT_MS = 4_000;

/** Milliseconds between two looks at how old the picture is. */
const AGE_MS = 500;

const root = document.documentElement;
const video = byId("video", HTMLVideoElement);
const note = byId("note", HTMLElement);
const playButton = byId("play", HTMLButtonElement);
const hearButton = byId("hear", HTMLButtonElement);
const chat = new ChatView(byId("messages", HTMLElement));
const time = new ServerTime();
const player = new LivePlayer(video, (state) => {
  root.dataset.state = state;
  const shown = { playing: "", lost: text("hls.lost"), unplayable: text("hls.unplayable") };
  setText(note, shown[state]);
  note.hidden = state === "playing";
});

/** @param {ChannelCard} card */
function show({ title, onAir, viewers, chat: messages }) {
  document.title = title;
  setText(byId("title", HTMLElement), title);
  root.dataset.onAir = String(onAir);
  setText(byId("badge", HTMLElement), text(onAir ? "watch.badge.live" : "watch.badge.off"));
  // It counts the viewers of the full page; to say that there are none would be wrong, as somebody reads it.
  setText(
    byId("viewers", HTMLElement),
    viewers > 0 ? text("watch.viewers", { count: viewers }) : "",
  );
  chat.show(messages);
  byId("empty", HTMLElement).hidden = messages.length > 0;
}

/** Shows the texts; if they cannot be fetched, later. */
async function translate() {
  try {
    await translatePage();
    showButtons();
  } catch {
    setTimeout(translate, INTERVAL_MS);
  }
}

async function look() {
  try {
    // Older browsers wait.
    const signal = AbortSignal.timeout?.(TIMEOUT_MS);
    const answer = await fetch("channel.json", { signal });
    if (answer.ok) {
      /** @type {ChannelCard} */
      const card = await answer.json();
      time.add(card.at, Date.now());
      show(card);
    }
  } catch {
    // The next look may succeed.
  }
  setTimeout(look, INTERVAL_MS);
}

function showAge() {
  const at = player.capturedAt;
  const age = at === null || video.paused ? null : Math.max(0, time.at(Date.now()) - at);
  root.dataset.age = age === null ? "" : String(Math.round(age));
  const shown = age === null ? "" : text("watch.rewind.behind", { time: delayText(age) });
  setText(byId("age", HTMLElement), shown);
}

function showButtons() {
  setText(playButton, text(video.paused ? "watch.rewind.play" : "watch.pause"));
  hearButton.setAttribute("aria-pressed", String(!video.muted));
}

async function play() {
  if (!video.paused) return video.pause();
  // A pause is no rewind: it goes on with what is live.
  if (video.seekable.length > 0) {
    video.currentTime = video.seekable.end(video.seekable.length - 1) - 2;
  }
  await video.play().catch(() => {});
}

function hear() {
  video.muted = !video.muted;
}

async function expand() {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await video.requestFullscreen?.().catch(() => {});
}

/** @type {Readonly<Record<string, () => void>>} */
const KEYS = { " ": play, k: play, m: hear, f: expand };

for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, showButtons);
playButton.addEventListener("click", play);
hearButton.addEventListener("click", hear);
byId("expand", HTMLElement).addEventListener("click", expand);
document.addEventListener("keydown", (event) => {
  const isButton = event.target instanceof HTMLButtonElement && event.key === " ";
  if (isButton || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = KEYS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

await translate();
player.load("live.m3u8");
look();
setInterval(showAge, AGE_MS);
