import { element, setText } from "../dom.js";
import { refusalText, text } from "../text.js";
import { bytesText } from "../unit_text.js";
import { ClipJob } from "./clip_job.js";

/** @typedef {import("./clip_job.js").ShownClip} ShownClip */

/** Shows how far a clip is, offers to cancel it, and downloads it once it is ready. */
export class ClipProgress {
  #job;
  #ask;
  #onBusy;
  #status = element("p", "", "clip-status");
  #problem = element("p", "", "problem");
  #bar = element("progress");
  #cancel = element("button", text("common.cancel"), "quiet");
  #download = element("a", text("watch.clip.download"), "quiet clip-download");
  /** Of the clip that is ready. */
  #id = "";
  #isSaving = false;

  /**
   * @param {object} options
   * @param {HTMLElement} options.parent Gets the elements that show it.
   * @param {import("./clip_job.js").Ask} options.ask
   * @param {(isBusy: boolean) => void} options.onBusy Whether another clip can be asked for has changed.
   */
  constructor({ parent, ask, onBusy }) {
    this.#job = new ClipJob({ ask, onChange: (shown) => this.#show(shown) });
    this.#ask = ask;
    this.#onBusy = onBusy;
    this.#status.role = "status";
    this.#problem.role = "alert";
    this.#bar.setAttribute("aria-label", text("watch.clip.progress"));
    this.#cancel.type = "button";
    this.#cancel.addEventListener("click", () => this.#job.cancel());
    this.#download.addEventListener("click", (event) => {
      if (this.#isSaving) return;
      event.preventDefault();
      this.#saveAgain();
    });
    const row = element("div", "", "clip-row");
    row.append(this.#bar, this.#cancel, this.#download);
    parent.append(this.#status, this.#problem, row);
    this.#show(null);
  }

  /** @param {object} wanted What `POST /clips` takes. */
  start(wanted) {
    this.#job.start(wanted);
  }

  /** Forgets what is shown of a clip that is ready or failed. */
  clear() {
    if (!this.#job.isBusy) this.#show(null);
  }

  /** @param {ShownClip | null} shown */
  #show(shown) {
    const { isBusy } = this.#job;
    const hadFocus = this.#cancel === document.activeElement;
    setText(this.#status, shown ? statusOf(shown) : "");
    this.#status.hidden = !shown || shown.state === "failed";
    this.#bar.hidden = this.#cancel.hidden = !isBusy;
    if (shown?.clip && shown.state === "making") this.#bar.value = shown.clip.progress;
    else this.#bar.removeAttribute("value");
    const problem = shown?.state === "failed" ? problemOf(shown) : "";
    this.#problem.hidden = problem === "";
    setText(this.#problem, problem);
    const isReady = shown?.state === "ready";
    this.#download.hidden = !isReady;
    if (isReady && shown.clip) {
      this.#id = encodeURIComponent(shown.clip.id);
      this.#download.href = `clips/file?id=${this.#id}`;
      this.#download.download = "";
      this.#save();
    }
    this.#onBusy(isBusy);
    if (hadFocus && isReady) this.#download.focus();
  }

  #save() {
    this.#isSaving = true;
    this.#download.click();
    this.#isSaving = false;
  }

  /** Downloads it unless the server has forgotten it: some browsers would save the error instead. */
  async #saveAgain() {
    const id = this.#id;
    try {
      await this.#ask(`clips?id=${id}`);
      if (id === this.#id && !this.#download.hidden) this.#save();
    } catch (error) {
      if (id !== this.#id || this.#download.hidden) return;
      const { message, status = 0 } = /** @type {Error & { status?: number }} */ (error);
      setText(this.#problem, message);
      this.#problem.hidden = false;
      this.#status.hidden = this.#download.hidden = status !== 0;
    }
  }
}

/** @param {ShownClip} shown */
function statusOf({ state, clip }) {
  const ahead = clip?.ahead ?? 0;
  if (state === "waiting" && ahead > 0) return text("watch.clip.ahead", { count: ahead });
  if (state === "making") {
    return text("watch.clip.making", { percent: Math.floor((clip?.progress ?? 0) * 100) });
  }
  if (state === "ready") return text("watch.clip.ready", { size: bytesText(clip?.bytes ?? 0) });
  return text("watch.clip.waiting");
}

/** @param {ShownClip} shown */
function problemOf({ clip, error }) {
  const why = error?.message ?? refusalText(clip?.problem ?? {});
  return text("common.because", { what: text("watch.clip.failed"), why });
}
