import { byId, element, setText } from "../dom.js";
import { confirmed } from "../confirm.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";
import { bytesText } from "../unit_text.js";
import { KeyedList, partOf } from "./keyed_list.js";
import { onPress } from "./press.js";
import { RecordingPlayer } from "./recording_player.js";
import { momentText, recordingUrl } from "./recording_text.js";

/** @typedef {import("../../../src/live_messages.ts").ListedRecording} ListedRecording */
/** @typedef {import("../../../src/live_messages.ts").StudioRecording} StudioRecording */

/** So many are shown at first, and more with each press. */
const PAGE = 20;

/** After a failed request. Milliseconds. */
const RETRY_MS = 5000;

/** The recordings, newest first: the streamer can play, download and delete each. */
export class RecordingList {
  #empty = byId("recordings-empty", HTMLElement);
  #more = byId("recordings-more", HTMLButtonElement);
  #player = new RecordingPlayer();
  #act;
  #admin;
  /** @type {KeyedList<ListedRecording>} */
  #list;
  /** @type {readonly ListedRecording[]} Newest first. */
  #recordings = [];
  /** Lets the browser fetch files, which cannot send the token. */
  #ticket = "";
  #limit = PAGE;
  /** Changes when there is another list to fetch. */
  #wanted = "";
  #shown = "";
  #isLoading = false;

  /**
   * @param {object} options
   * @param {import("./act.js").Act} options.act
   * @param {import("./admin.js").Admin} options.admin
   */
  constructor({ act, admin }) {
    this.#act = act;
    this.#admin = admin;
    this.#list = new KeyedList({
      parent: byId("recordings", HTMLOListElement),
      keyOf: ({ name }) => name,
      create: (name) => this.#create(name),
      fill: (item, recording) => this.#fill(item, recording),
      fallback: byId("recording-heading", HTMLElement),
    });
    this.#more.addEventListener("click", () => {
      this.#limit += PAGE;
      this.#show();
    });
  }

  /**
   * Fetches the list if it has changed.
   *
   * @param {Pick<StudioRecording, "writing" | "kept">} recording
   */
  follow({ writing, kept }) {
    this.#wanted = `${writing} ${kept.count}`;
    this.#load();
  }

  /** Fetches the list anew. */
  reload() {
    this.#shown = "";
    if (this.#wanted) this.#load();
  }

  async #load() {
    if (this.#isLoading || this.#wanted === this.#shown) return;
    this.#isLoading = true;
    const wanted = this.#wanted;
    try {
      const [{ recordings }, { ticket }] = await Promise.all([
        this.#admin.get("admin/recordings"),
        this.#admin.post("admin/recordings/ticket", {}),
      ]);
      this.#shown = wanted;
      this.#ticket = ticket;
      this.#recordings = recordings.toSorted(newestFirst);
      this.#show();
    } catch {
      // The connection's state says what is wrong; the next report asks again.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    this.#isLoading = false;
  }

  #show() {
    this.#empty.hidden = this.#recordings.length > 0;
    this.#more.hidden = this.#recordings.length <= this.#limit;
    this.#list.show(this.#recordings.slice(0, this.#limit));
  }

  /** @param {string} name */
  #create(name) {
    const item = element("li", "", "recording-item");
    const play = element("button", "", "recording-play");
    play.type = "button";
    const thumbnail = element("img");
    thumbnail.alt = "";
    thumbnail.hidden = true;
    thumbnail.loading = "lazy";
    thumbnail.addEventListener("error", () => thumbnail.hidden = true);
    play.append(thumbnail, element("span", "▶"));
    play.addEventListener("click", () => this.#play(name));
    const about = element("div", "", "recording-about");
    about.append(element("b"), element("small"));
    const download = element("a", text("studio.recording.download"), "quiet");
    const remove = element("button", text("studio.recording.delete"), "remove");
    remove.type = "button";
    onPress(remove, () => this.#delete(name));
    item.append(play, about, download, remove);
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {ListedRecording} recording
   */
  #fill(item, { name, at, duration, bytes, isPlayable, isWriting, isOfMotion }) {
    const moment = momentText(at);
    setText(partOf(item, "b"), moment);
    const facts = [
      isWriting
        ? text("studio.recording.writing")
        : duration === null
        ? ""
        : durationText(duration),
      isWriting ? "" : bytesText(bytes),
      isOfMotion ? text("studio.recording.motion") : "",
      isPlayable ? "" : text("studio.recording.unplayable"),
    ];
    setText(partOf(item, "small"), facts.filter((fact) => fact).join(" · "));
    const play = /** @type {HTMLButtonElement} */ (partOf(item, ".recording-play"));
    play.disabled = !isPlayable || isWriting;
    play.setAttribute("aria-label", text("studio.recording.playOf", { moment }));
    const thumbnail = /** @type {HTMLImageElement} */ (partOf(item, "img"));
    const picture = recordingUrl("thumbnail", name, this.#ticket);
    // Of one that is being written there may be none yet.
    if (!isWriting && thumbnail.getAttribute("src") !== picture) {
      thumbnail.hidden = false;
      thumbnail.src = picture;
    }
    const download = /** @type {HTMLAnchorElement} */ (partOf(item, "a"));
    download.href = `${recordingUrl("file", name, this.#ticket)}&download=1`;
    download.setAttribute("aria-label", text("studio.recording.downloadOf", { moment }));
    const remove = /** @type {HTMLButtonElement} */ (partOf(item, ".remove"));
    remove.hidden = isWriting;
    remove.setAttribute("aria-label", text("studio.recording.deleteOf", { moment }));
  }

  /** @param {string} name */
  #play(name) {
    const recording = this.#recordings.find((recording) => recording.name === name);
    if (recording) this.#player.open(recording, this.#ticket);
  }

  /** @param {string} name */
  async #delete(name) {
    const moment = momentText(this.#recordings.find((one) => one.name === name)?.at ?? 0);
    const sure = await confirmed({
      title: text("studio.recording.deleteTitle", { moment }),
      text: text("studio.recording.deleteText"),
      yes: text("studio.recording.delete"),
    });
    if (!sure) return;
    const failure = text("studio.recording.notDeleted");
    if (!await this.#act("admin/recordings/delete", { name }, failure)) return;
    this.#recordings = this.#recordings.filter((recording) => recording.name !== name);
    this.#show();
  }
}

/**
 * @param {ListedRecording} a
 * @param {ListedRecording} b
 */
function newestFirst(a, b) {
  return a.name < b.name ? 1 : -1;
}
