/**
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./api.js").StreamState} StreamState
 * @typedef {import("./player.js").PlayerStatus} PlayerStatus
 */

const ERROR_SHOWN_MS = 8000;

/** The watch page as the rest of the program sees it: what it shows, and what the viewer does on it. */
export class WatchView {
  #document;
  /** @type {number | undefined} */
  #errorTimer;

  /** @param {Document} document */
  constructor(document) {
    this.#document = document;
    this.canvas = this.#get("picture", HTMLCanvasElement);
    this.image = this.#get("fallback", HTMLImageElement);
    this.glow = this.#get("glow", HTMLCanvasElement);
    this.#get("now", HTMLElement).hidden = false;
    this.#get("now-value", HTMLElement).textContent = "–";
    document.documentElement.dataset.js = "true";
  }

  /** What the server wrote into the page. */
  get settings() {
    const { mode, quality, filter } = this.#get("settings", HTMLFormElement).dataset;
    return /** @type {Settings} */ ({ mode, quality, filter });
  }

  /** @param {(change: Partial<Settings>) => void} choose */
  onChoice(choose) {
    this.#get("settings", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const button = /** @type {HTMLButtonElement} */ (event.submitter);
      choose({ [button.name]: button.value });
    });
  }

  /** @param {() => void} donate */
  onDonate(donate) {
    this.#get("donation", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      donate();
    });
  }

  /** @param {Settings} settings */
  showSettings(settings) {
    const form = this.#get("settings", HTMLFormElement);
    for (const [name, value] of Object.entries(settings)) form.dataset[name] = value;
    for (const button of form.querySelectorAll("button")) {
      const chosen = settings[/** @type {keyof Settings} */ (button.name)] === button.value;
      button.setAttribute("aria-pressed", String(chosen));
      if (button.name === "quality") button.disabled = settings.mode === "gaming";
    }
  }

  /** @param {StreamState} state */
  showState({ live, reason, title, viewers, you }) {
    const root = this.#document.documentElement;
    root.dataset.lowered = String(you.lowered);
    if (root.dataset.live !== String(live)) {
      root.dataset.live = String(live);
      this.#announce(live ? "The stream is live" : `The stream is off air: ${reason ?? ""}`);
    }
    this.#setText("reason", reason ?? "");
    this.#setText("viewers", String(viewers));
    this.#setText("title", title);
    this.#document.title = title;
    this.canvas.setAttribute("aria-label", `Live picture: ${title}`);
  }

  /** Gives the screen the shape of the picture on it. */
  showRatio() {
    const { width, height } = this.canvas;
    const ratio = String(width / height);
    const { style } = this.#document.documentElement;
    if (style.getPropertyValue("--ratio") !== ratio) style.setProperty("--ratio", ratio);
  }

  /** @param {string} quality `source` or 1..100. */
  showQuality(quality) {
    const given = quality === "source" ? 100 : Number(quality);
    const meter = this.#get("now", HTMLElement);
    if (meter.getAttribute("aria-valuenow") === String(given)) return;
    meter.setAttribute("aria-valuenow", String(given));
    const text = quality === "source" ? "100, the camera's own picture" : quality;
    meter.setAttribute("aria-valuetext", text);
    meter.style.setProperty("--given", String(given / 100));
    this.#setText("now-value", String(given));
  }

  /**
   * @param {PlayerStatus} status
   * @param {string} reason
   */
  showPlayer(status, reason) {
    const root = this.#document.documentElement;
    const before = root.dataset.player;
    root.dataset.player = status;
    const text = status === "reconnecting" ? "Reconnecting…" : "Connecting…";
    this.#setText("player-status", text);
    this.#setText("player-reason", reason);
    if (status === "reconnecting" && before === "playing") this.#announce(`${text} ${reason}`);
    if (status === "playing" && before === "reconnecting") this.#announce("The picture is back");
  }

  /** @param {boolean} thanks */
  showThanks(thanks) {
    const button = this.#get("donate", HTMLButtonElement);
    const text = thanks ? "Donate Success!!" : "Donate";
    this.#setText("donate-label", text);
    button.dataset.thanks = String(thanks);
    if (thanks) this.#announce(text);
  }

  /** @param {string} message */
  showError(message) {
    const toast = this.#get("error", HTMLElement);
    toast.textContent = message;
    toast.hidden = false;
    clearTimeout(this.#errorTimer);
    this.#errorTimer = setTimeout(() => toast.hidden = true, ERROR_SHOWN_MS);
  }

  /** @param {string} text For those who do not see the page. */
  #announce(text) {
    this.#setText("announcement", text);
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  #setText(id, text) {
    const element = this.#get(id, HTMLElement);
    if (element.textContent !== text) element.textContent = text;
  }

  /**
   * @template {HTMLElement} T
   * @param {string} id
   * @param {new () => T} type
   * @returns {T}
   */
  #get(id, type) {
    const element = this.#document.getElementById(id);
    if (element instanceof type) return element;
    throw new TypeError(`Page has no ${type.name} with id "${id}"`);
  }
}
