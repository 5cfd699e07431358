import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { LevelMeter } from "./level_meter.js";
import { MuteButton } from "./mute_button.js";
import { SavedValue } from "./saved_value.js";
import { SoundSlider } from "./sound_slider.js";
import { SoundSource } from "./sound_source.js";
import { gainText, medianOffset, offsetText, soundAlarm } from "./sound_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioSound} StudioSound */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */
/** @typedef {import("./admin.js").Admin} Admin */

const PATH = "admin/sound";

/** The source of sound, its level, mute, and settings. */
export class SoundPanel {
  #panel = byId("sound", HTMLElement);
  #open = byId("sound-open", HTMLElement);
  #listeners = byId("sound-listeners", HTMLElement);
  #problem = byId("sound-problem", HTMLElement);
  #offset = byId("sound-offset", HTMLElement);
  #pill = byId("sound-pill", HTMLElement);
  #pillText = byId("sound-pill-text", HTMLElement);
  #overlay = byId("preview-muted", HTMLElement);
  #onDemandBox = byId("sound-on-demand", HTMLInputElement);
  #meter = new LevelMeter();
  #act;
  #source;
  #mute;
  #gain;
  #delay;
  /** @type {SavedValue<boolean>} */
  #onDemand;

  /**
   * @param {object} options
   * @param {Admin} options.admin
   * @param {Act} options.act
   * @param {import("../notices.js").Notices} options.notices
   */
  constructor({ admin, act, notices }) {
    this.#act = act;
    this.#source = new SoundSource({
      list: () => admin.get(PATH),
      switchTo: (source) => this.#change({ source }, text("studio.sound.notSwitched")),
      onError: (message) => notices.error(message),
    });
    this.#mute = new MuteButton({
      send: async (muted) => this.#show(await admin.post(PATH, { muted })),
      announce: (message) => notices.announce(message),
    });
    this.#gain = new SoundSlider({
      id: "sound-gain",
      textOf: gainText,
      send: (gain) => this.#change({ gain }, text("studio.sound.gain.failed")),
    });
    this.#delay = new SoundSlider({
      id: "sound-delay",
      textOf: offsetText,
      send: (delay) => this.#change({ delay }, text("studio.sound.delay.failed")),
    });
    this.#onDemand = new SavedValue({
      initial: false,
      send: (onDemand) => this.#change({ onDemand }, text("studio.sound.onDemand.failed")),
      onChange: () => this.#onDemandBox.checked = this.#onDemand.wanted,
    });
    this.#onDemandBox.addEventListener(
      "change",
      () => this.#onDemand.choose(this.#onDemandBox.checked),
    );
  }

  /** @param {StudioState} studio */
  show({ sound, viewers }) {
    this.#show(sound);
    const offset = medianOffset(viewers);
    this.#offset.hidden = offset === null;
    setText(
      this.#offset,
      offset === null ? "" : text("studio.sound.offset", { offset: offsetText(offset) }),
    );
  }

  /** @param {import("../../../src/live_messages.ts").SoundLevel} level */
  showLevel(level) {
    this.#meter.show(level);
  }

  /** @param {StudioSound} sound */
  #show(sound) {
    const { source, sourceName, state, reason, isOpen, listeners } = sound;
    this.#panel.dataset.state = source === "off" ? "off" : state;
    this.#source.show(sound);
    this.#mute.receive(sound);
    this.#gain.receive(sound.gain);
    this.#delay.receive(sound.delay);
    this.#onDemand.receive(sound.onDemand);
    this.#open.dataset.open = String(isOpen);
    const isNamed = source !== "auto" || !isOpen || sourceName === "";
    const open = text(isOpen ? "studio.sound.open" : "studio.sound.closed");
    setText(this.#open, isNamed ? open : `${open} · ${sourceName}`);
    setText(this.#listeners, text("studio.sound.listeners", { count: listeners }));
    this.#problem.hidden = reason === null;
    setText(this.#problem, reason ?? "");
    this.#showAlarm(soundAlarm(sound));
  }

  /** @param {"muted" | "trouble" | null} alarm */
  #showAlarm(alarm) {
    this.#overlay.hidden = alarm !== "muted";
    this.#pill.hidden = alarm === null;
    if (alarm === null) return;
    this.#pill.dataset.alarm = alarm;
    setText(
      this.#pillText,
      text(alarm === "muted" ? "studio.sound.pill.muted" : "studio.sound.pill.trouble"),
    );
  }

  /**
   * Changes the sound. Returns whether the server did.
   *
   * @param {Partial<StudioSound>} fields
   * @param {string} failure
   */
  async #change(fields, failure) {
    const answer = await this.#act(PATH, fields, failure);
    if (answer) this.#show(/** @type {StudioSound} */ (answer));
    return answer !== null;
  }
}
