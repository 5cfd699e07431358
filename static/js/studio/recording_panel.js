import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";
import { bytesText } from "../unit_text.js";
import { RecordingList } from "./recording_list.js";
import { SavedValue } from "./saved_value.js";

/** @typedef {import("../../../src/live_messages.ts").RecordingRule} RecordingRule */
/** @typedef {import("../../../src/live_messages.ts").StudioRecording} StudioRecording */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

/** What is recorded, where the streamer chooses it, and the recordings. */
export class RecordingPanel {
  #absent = byId("recording-absent", HTMLElement);
  #panel = byId("recording-on", HTMLElement);
  #now = byId("recording-now", HTMLElement);
  #file = byId("recording-file", HTMLElement);
  #disk = byId("recording-disk", HTMLElement);
  #problem = byId("recording-problem", HTMLElement);
  #pill = byId("rec-pill", HTMLElement);
  /** @type {readonly HTMLButtonElement[]} */
  #rules = [...byId("recording-when", HTMLElement).querySelectorAll("button")];
  #rule;
  #list;

  /**
   * @param {object} options
   * @param {import("./act.js").Act} options.act
   * @param {import("./admin.js").Admin} options.admin
   */
  constructor({ act, admin }) {
    this.#list = new RecordingList({ act, admin });
    this.#rule = new SavedValue({
      initial: /** @type {RecordingRule} */ ("off"),
      send: async (when) =>
        await act("admin/recording", { when }, text("studio.recording.unchanged")) !== null,
      onChange: () => this.#showRule(),
    });
    for (const button of this.#rules) {
      button.addEventListener(
        "click",
        () => this.#rule.choose(/** @type {RecordingRule} */ (button.value)),
      );
    }
    this.#showRule();
  }

  /** @param {StudioState} studio */
  show({ recording }) {
    this.#absent.hidden = recording !== null;
    this.#panel.hidden = recording === null;
    this.#showPill(recording);
    if (!recording) return;
    this.#rule.receive(recording.when);
    this.#showNow(recording);
    this.#problem.hidden = recording.problem === null;
    setText(this.#problem, recording.problem ?? "");
    const { free, kept } = recording;
    const all = text("studio.recording.kept", { count: kept.count, size: bytesText(kept.bytes) });
    setText(
      this.#disk,
      free === null ? all : `${all} · ${text("studio.recording.free", { size: bytesText(free) })}`,
    );
    this.#list.follow(recording);
  }

  /** The server was restarted: what it said before about the recordings is void. */
  restarted() {
    this.#list.reload();
  }

  /** @param {StudioRecording} recording */
  #showNow({ when, writing, duration, bytes, problem }) {
    this.#now.dataset.writing = String(writing !== null);
    if (writing !== null) {
      setText(this.#file, `${writing} · ${durationText(duration)} · ${bytesText(bytes)}`);
      return;
    }
    setText(this.#file, problem === null ? text(`studio.recording.idle.${when}`) : "");
  }

  #showRule() {
    for (const button of this.#rules) {
      button.setAttribute("aria-pressed", String(button.value === this.#rule.wanted));
    }
  }

  /** @param {StudioRecording | null} recording */
  #showPill(recording) {
    const isWriting = recording !== null && recording.writing !== null;
    const isStuck = recording !== null && recording.problem !== null && recording.when !== "off";
    this.#pill.hidden = !isWriting && !isStuck;
    this.#pill.dataset.alarm = String(isStuck);
    setText(this.#pill, text(isStuck ? "studio.recording.pill.trouble" : "studio.recording.pill"));
  }
}
