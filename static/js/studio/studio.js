import { byId } from "../dom.js";
import { keepDraft } from "../draft.js";
import { FloatingReactions } from "../floating_reactions.js";
import { PageSocket, pageSocketUrl } from "../page_socket.js";
import { Notices } from "../notices.js";
import { ServerClock } from "../server_clock.js";
import { takeOver } from "../take_over.js";
import { text } from "../text.js";
import { waitText } from "../time_text.js";
import { createAct } from "./act.js";
import { useCurrency } from "../amount_text.js";
import { Admin } from "./admin.js";
import { CameraControls } from "./camera_controls.js";
import { ChannelDesk } from "./channel_desk.js";
import { setUpChatExport } from "./chat_export.js";
import { ChatRules } from "./chat_rules.js";
import { ConnectionView } from "./connection_view.js";
import { GiftAlerts } from "./gift_alerts.js";
import { GiftDesk } from "./gift_desk.js";
import { ModeratedChat } from "./moderated_chat.js";
import { setUpPhoneLink } from "./phone_link.js";
import { ModeratorList } from "./moderator_list.js";
import { PastPanel } from "./past_panel.js";
import { Plots } from "./plots.js";
import { PublishPanel } from "./publish_panel.js";
import { Preview } from "./preview.js";
import { RecordingPanel } from "./recording_panel.js";
import { SharePanel } from "./share_panel.js";
import { SignIn } from "./sign_in.js";
import { tokenProtocol } from "./socket_token.js";
import { SoundPanel } from "./sound_panel.js";
import { SourcePicker } from "./source_picker.js";
import { StatusBar } from "./status_bar.js";
import { StreamerName } from "./streamer_name.js";
import { Summary } from "./summary.js";
import { SupporterList } from "./supporter_list.js";
import { Watchdog } from "../watchdog.js";
import { TimelapsePanel } from "./timelapse_panel.js";
import { TabToken } from "./token.js";
import { TurnPicker } from "./turn_picker.js";
import { Undo } from "./undo.js";
import { ViewerTable } from "./viewer_table.js";

/** @typedef {import("../../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../../src/live_messages.ts").ChannelState} ChannelState */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./admin.js").AdminProblem} AdminProblem */

const RETRY_MS = 2000;
/** The server sends a message every second. */
const SILENCE_MS = 8000;
/** If all is well, the first connection takes no longer than this. */
const CONNECT_MS = 3000;

const tabToken = new TabToken(sessionStorage, location.pathname);
const notices = new Notices();
const clock = new ServerClock();

const admin = new Admin({ onDenied: (problem) => leave(problem.message) });
const act = createAct(admin, notices);

const signIn = new SignIn(enter);
const bar = new StatusBar(clock);
const connection = new ConnectionView();
const preview = new Preview(admin);
const summary = new Summary(admin, notices);
const desk = new ChannelDesk({ act, onOffAir: () => summary.open() });
const source = new SourcePicker({ admin, act, onError: (message) => notices.error(message) });
const sound = new SoundPanel({ admin, act, notices });
const turn = new TurnPicker({ act });
const controls = new CameraControls({ admin, act });
const viewers = new ViewerTable({ act, clock });
const undo = new Undo((done) => notices.announce(done));
keepDraft(byId("chat-text", HTMLTextAreaElement));
const chat = new ModeratedChat({
  act,
  onMuted({ author, name, seconds }) {
    const failure = text("studio.muted.kept", { name });
    undo.offer(
      text("common.moderation.muted", { name, duration: waitText(seconds * 1000) }),
      () => act("admin/chat/pardon", { author }, failure),
    );
  },
  onOlder: (before) => live.send({ type: "older", before }),
  here: (at) => clock.here(at),
});
const reactions = new FloatingReactions(byId("preview-picture", HTMLElement));
const rules = new ChatRules({ act, clock });
const moderators = new ModeratorList(act);
const streamerName = new StreamerName(act);
const supporters = new SupporterList({ act });
const gifts = new GiftDesk({
  act,
  fetchAll: () => admin.blob("admin/donations.csv"),
  notices,
  here: (at) => clock.here(at),
});
const giftAlerts = new GiftAlerts();
const plots = new Plots();
const recording = new RecordingPanel({ act, admin });
const past = new PastPanel({ act, clock });
const timelapse = new TimelapsePanel(admin);
const publish = new PublishPanel({ act, notices, clock });
const share = new SharePanel(admin, notices);
setUpChatExport(admin, notices);
setUpPhoneLink(admin, notices);

const live = new PageSocket({
  url: pageSocketUrl(),
  protocols: () => [tokenProtocol(admin.token)],
  headers: () => ({ Authorization: `Bearer ${admin.token}` }),
  onMessage(message) {
    hear(message);
    chat.hear(message);
  },
  onLost: () => connection.lost(),
  onRefused(reason) {
    connection.lost(reason);
    // Browsers do not say why a socket was refused. If the token is wrong, this request fails as well and says so.
    admin.get("admin/state").catch(() => {});
  },
});

const watchdog = new Watchdog({ onWake: () => live.reopen(), onTick: checkSilence });

/** Detects a connection that is dead without having been closed, for example after a change of network. */
function checkSilence() {
  if (!live.isOpen) {
    if (performance.now() - openedAt > CONNECT_MS) connection.lost();
    return;
  }
  if (live.silence < SILENCE_MS) return;
  connection.lost();
  live.reopen();
}

/** Identifies the run of the server that answered last. */
let instance = "";
let people = 0;
/** When the studio was opened, in monotonic time. */
let openedAt = 0;

/** @param {string} token */
async function enter(token) {
  admin.token = token;
  signIn.wait();
  try {
    const state = await admin.get("admin/state");
    tabToken.keep(token);
    open(state);
  } catch (error) {
    const { isDenied } = /** @type {AdminProblem} */ (error);
    // A restarting server will be back soon. For a refused token, the form already shows the reason.
    if (!isDenied) setTimeout(() => enter(token), RETRY_MS);
  }
}

/** @param {StudioState} state */
function open(state) {
  signIn.done();
  byId("studio", HTMLElement).hidden = false;
  document.documentElement.dataset.studio = "open";
  openedAt = performance.now();
  if (!live.isOpen) connection.connecting();
  showStudio(state);
  live.open();
  preview.start();
  watchdog.start();
}

/** @param {string} problem Why the server refuses the token. */
function leave(problem) {
  tabToken.forget();
  live.close();
  preview.stop();
  watchdog.stop();
  connection.connecting();
  byId("studio", HTMLElement).hidden = true;
  document.documentElement.dataset.studio = "closed";
  signIn.ask(problem);
}

/** @param {ServerMessage} message */
function hear(message) {
  switch (message.type) {
    case "hello":
      clock.follow(message.state.startedAt, true);
      clock.sync();
      connection.open(live.isPolling);
      if (instance !== message.instance) source.look();
      if (instance !== "" && instance !== message.instance) recording.restarted();
      instance = message.instance;
      showState(message.state);
      return showSupport(message.support);
    case "state":
      clock.follow(message.state.startedAt, false);
      return showState(message.state);
    case "history":
      return plots.restore(performance.now(), message.samples);
    case "studio":
      plots.add(performance.now(), people, message.studio);
      return showStudio(message.studio);
    case "level":
      return sound.showLevel(message.level);
    case "chat":
      return giftAlerts.show(message.message);
    case "deleted":
      return giftAlerts.remove(message.ids);
    case "reactions":
      return reactions.show(message.counts);
    case "supporters":
    case "donation":
      return showSupport(message.support);
  }
}

/** @param {import("../../../src/live_messages.ts").Support} support */
function showSupport(support) {
  supporters.show(support);
  gifts.show(support);
}

/** @param {ChannelState} state */
function showState(state) {
  useCurrency(state.currency);
  gifts.showGoal(state.goal);
  people = state.viewers;
  bar.show(state);
  desk.show(state);
  past.showChannel(state);
  chat.showSlowMode(state.slowMode);
  rules.showSlowMode(state.slowMode);
  share.show(state.title, instance);
}

/** @param {StudioState} studio */
function showStudio(studio) {
  bar.tick();
  desk.showReason(studio.reason);
  source.show(studio);
  sound.show(studio);
  turn.show(studio);
  controls.show(studio);
  viewers.show(studio);
  rules.show(studio);
  moderators.show(studio);
  chat.showModerators(studio.moderators);
  streamerName.show(studio);
  recording.show(studio);
  past.show(studio);
  timelapse.show(studio);
  publish.show(studio);
}

document.addEventListener("visibilitychange", () => {
  if (document.documentElement.dataset.studio !== "open") return;
  if (document.hidden) return watchdog.stop();
  checkSilence();
  watchdog.start();
});

const token = tabToken.take(location, history);
if (token) enter(token);
else signIn.ask("");
// A studio's address that is opened in a tab that shows the studio changes no more than the fragment.
addEventListener("hashchange", () => {
  const other = tabToken.take(location, history);
  if (other && other !== admin.token) enter(other);
});
takeOver();
