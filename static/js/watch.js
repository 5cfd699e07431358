import { fetchState, postDonation, postSettings } from "./api.js";
import { Glow } from "./glow.js";
import { Player } from "./player.js";
import { createScreen } from "./screen.js";
import { ViewerSettings } from "./settings.js";
import { WatchView } from "./watch_view.js";

/** @typedef {import("./settings.js").Settings} Settings */

const STATE_EVERY_MS = 2000;
const THANKS_MS = 4000;

const view = new WatchView(document);
const glow = new Glow(view.glow, view.canvas);

const settings = new ViewerSettings({
  initial: view.settings,
  post: postSettings,
  onChange: (current) => view.showSettings(current),
  onError: (error) => view.showError(`Your choice was not saved: ${error.message}`),
});

const screen = createScreen({ canvas: view.canvas, image: view.image });

const player = new Player({
  screen,
  url: "/stream",
  prepare: followServer,
  onStatus: (status, reason) => {
    view.showPlayer(status, reason);
    // Now that this viewer is one of those who watch.
    if (status === "playing") keepFollowing();
  },
  onPicture: (info) => {
    if (!info) return;
    glow.update();
    view.showRatio();
    view.showQuality(info.quality);
  },
});

/** The `instance_id` of the server that last answered. */
let instance = "";

/** Shows the server's state. A server that was restarted meanwhile is told the viewer's settings, else it tells them. */
async function followServer() {
  const version = settings.version;
  const state = await fetchState();
  if (instance && instance !== state.instance_id) {
    await settings.restore();
    screen.lost("The server was restarted");
  } else if (version === settings.version) settings.adopt(state.you);
  instance = state.instance_id;
  view.showState(state);
}

/** @type {number | undefined} */
let poll;

async function keepFollowing() {
  clearTimeout(poll);
  await followServer().catch((error) => screen.lost(error.message));
  clearTimeout(poll);
  if (!document.hidden) poll = setTimeout(keepFollowing, STATE_EVERY_MS);
}

function followVisibility() {
  if (document.hidden) {
    clearTimeout(poll);
    player.stop();
  } else {
    player.start();
    keepFollowing();
  }
}

/** @type {number | undefined} */
let thanks;

async function donate() {
  try {
    await postDonation();
    thankDonor();
  } catch (error) {
    view.showError(`Your donation did not arrive: ${/** @type {Error} */ (error).message}`);
  }
}

function thankDonor() {
  clearTimeout(thanks);
  view.showThanks(true);
  thanks = setTimeout(() => view.showThanks(false), THANKS_MS);
}

view.onChoice((change) => settings.choose(change));
view.onDonate(donate);
document.addEventListener("visibilitychange", followVisibility);
addEventListener("pagehide", () => player.stop());
addEventListener("pageshow", followVisibility);
followVisibility();

if (new URLSearchParams(location.search).has("donated")) {
  history.replaceState(null, "", location.pathname);
  thankDonor();
}
