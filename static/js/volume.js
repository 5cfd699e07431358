import { lazy } from "./lazy.js";
import { recall, remember } from "./remembered.js";
import { text } from "./text.js";
import { VolumeView } from "./volume_view.js";

/** @typedef {import("../../src/live_messages.ts").SoundState} SoundState */
/** @typedef {import("./sound/sound_player.js").SoundPlayer} SoundPlayer */

/**
 * @typedef {object} PlayerModules What plays the sound.
 * @property {typeof import("./sound/sound_player.js").SoundPlayer} SoundPlayer
 * @property {typeof import("./sound/picture_age.js").PictureAge} PictureAge
 *
 * @typedef {object} Memory As in remembered.js.
 * @property {(name: string) => string | null} recall
 * @property {(name: string, value: string) => void} remember
 */

/** How much a key changes the volume. Percent. */
const STEP = 5;

/** A click does not take longer than this. Milliseconds. */
const CLICK_MS = 500;

/** For this long the page offers the sound to viewers who have not decided. Milliseconds. */
const OFFER_MS = 8000;

/**
 * The viewer's sound: off until they turn it on, at a volume that the browser remembers. Loads the player when it is first
 * needed.
 */
export class Volume {
  #socket;
  #notices;
  #load;
  #view;
  #memory;
  /** @type {SoundPlayer | null} */
  #player = null;
  /** @type {import("./sound/picture_age.js").PictureAge | null} */
  #pictureAge = null;
  /** Whether the player was asked to play. */
  #listens = false;
  /** @type {SoundState} */
  #channel = "off";
  /** Whether there is something to hear: not while paused, off air or sent away. */
  #isAllowed = false;
  /** Whether the picture is of the past. */
  #isPast = false;
  #isOn;
  #level;
  /** Whether the sound may still be offered. */
  #isOffered;
  #unblockedAt = -Infinity;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {import("./page_socket.js").PageSocket} options.socket
   * @param {{ error: (message: string) => void }} options.notices
   * @param {() => Promise<PlayerModules>} [options.load]
   * @param {Pick<VolumeView, keyof VolumeView>} [options.view]
   * @param {Memory} [options.memory]
   */
  constructor(options) {
    const { socket, notices, load = loadPlayer, view = new VolumeView() } = options;
    const memory = this.#memory = options.memory ?? { recall, remember };
    this.#isOn = memory.recall("sound") === "on";
    this.#level = levelOf(memory.recall("volume"));
    this.#isOffered = memory.recall("sound") === null;
    this.#socket = socket;
    this.#notices = notices;
    this.#load = lazy(load);
    this.#view = view;
    view.onPrepare(() => this.#playerLoaded().catch(() => {}));
    view.onToggle(() => this.toggle());
    view.onHear(() => this.#turnOn());
    view.onLevel((level) => this.#setLevel(level));
    view.onGesture(() => this.#unblock());
  }

  /** @returns {import("./sound/sound_player.js").SoundStatistics | null} `null` while none plays. */
  get statistics() {
    return this.#player?.statistics ?? null;
  }

  /**
   * @param {SoundState} channel How the channel's sound is.
   * @param {boolean} isAllowed Whether the viewer may hear it now: the channel is on air, and nothing is paused.
   */
  show(channel, isAllowed) {
    if (channel === "muted" && this.#channel !== "muted") this.#player?.hush();
    this.#channel = channel;
    this.#isAllowed = isAllowed;
    this.#follow();
  }

  /** Whether the viewer's click has just let the browser play, which is what it was for. */
  get hasJustUnblocked() {
    return performance.now() - this.#unblockedAt < CLICK_MS;
  }

  toggle() {
    if (this.#isOn) this.#turnOff();
    else this.#turnOn();
  }

  /** @param {1 | -1} direction Up or down. */
  step(direction) {
    if (this.#isOn) this.#setLevel(Math.min(100, this.#level + direction * STEP));
    else if (direction > 0) this.#turnOn();
    this.#view.reveal();
  }

  /** @param {Pick<import("./player.js").PictureInfo, "at">} info A frame that was painted. */
  painted({ at }) {
    this.#pictureAge?.painted(at);
  }

  /** @param {boolean} isPast Whether the viewer has gone to a time that is not live. */
  jump(isPast) {
    this.#isPast = isPast;
    this.#pictureAge?.clear();
    this.#player?.jump(isPast);
  }

  /** @param {ArrayBuffer} message A binary message of the page socket. */
  hear(message) {
    this.#player?.hear(message);
  }

  /** The page socket was lost. */
  lost() {
    this.#player?.lost();
  }

  /** The page socket is open, perhaps again. */
  reconnected() {
    this.#player?.reconnected();
  }

  /** @param {number} level 0..100; 0 turns the sound off and keeps the level for the next time. */
  #setLevel(level) {
    if (level <= 0) return this.#turnOff();
    this.#level = level;
    this.#memory.remember("volume", String(level));
    if (this.#player) this.#player.volume = loudness(level);
    if (this.#isOn) this.#update();
    else this.#turnOn();
  }

  #turnOn() {
    this.#isOn = true;
    this.#decide("on");
  }

  #turnOff() {
    this.#isOn = false;
    this.#decide("off");
  }

  /** @param {"on" | "off"} sound What the viewer wants, now and at the next visit. */
  #decide(sound) {
    this.#memory.remember("sound", sound);
    clearTimeout(this.#timer);
    this.#isOffered = false;
    this.#follow();
  }

  /** Has the player play when the viewer wants it and can have it. */
  #follow() {
    const wanted = this.#isOn && this.#isAllowed && this.#channel !== "off";
    if (wanted && !this.#listens) this.#listen();
    else if (!wanted && this.#listens) {
      this.#listens = false;
      this.#player?.stop();
    }
    this.#update();
  }

  async #listen() {
    this.#listens = true;
    try {
      const player = this.#player ?? await this.#playerLoaded();
      if (!this.#listens) return;
      player.volume = loudness(this.#level);
      if (this.#isPast) player.jump(true);
      await player.listen();
    } catch (error) {
      if (!this.#listens) return;
      this.#player?.stop();
      this.#listens = this.#isOn = false;
      const { message: reason } = /** @type {Error} */ (error);
      this.#notices.error(text("watch.sound.failed", { reason }));
    }
    this.#update();
  }

  async #playerLoaded() {
    try {
      const { SoundPlayer, PictureAge } = await this.#load();
      const age = this.#pictureAge ??= new PictureAge();
      return this.#player ??= new SoundPlayer({
        socket: this.#socket,
        pictureAge: () => age.current,
        onChange: () => this.#update(),
      });
    } catch {
      throw new Error(text("error.unreachable"));
    }
  }

  /** The viewer's first gesture lets the browser play what it blocked. */
  #unblock() {
    if (!this.#isBlocked) return;
    this.#unblockedAt = performance.now();
    this.#listen();
  }

  get #isBlocked() {
    return this.#isOn && this.#listens && this.#player?.state === "blocked";
  }

  #update() {
    const { state } = this.#player ?? { state: "silent" };
    const isBlocked = this.#isBlocked;
    this.#view.show({
      state: this.#channel === "off" ? "none" : this.#isOn && !isBlocked ? "on" : "off",
      level: this.#level,
      note: this.#note(state),
      isOffered: isBlocked || this.#offers(),
    });
  }

  /** @param {string} state The player's. */
  #note(state) {
    if (!this.#isOn || !this.#isAllowed) return "";
    if (this.#channel === "muted") return text("watch.sound.mutedByStreamer");
    if (this.#channel === "waiting" && state !== "playing") return text("watch.sound.waiting");
    return state === "waiting" ? text("watch.sound.waiting") : "";
  }

  /** Offers the sound once to viewers who have not decided. */
  #offers() {
    const canHear = this.#isOffered && this.#isAllowed && this.#channel === "on";
    if (canHear) this.#timer ??= setTimeout(() => this.#endOffer(), OFFER_MS);
    return canHear;
  }

  #endOffer() {
    this.#isOffered = false;
    this.#update();
  }
}

/** @returns {Promise<PlayerModules>} */
async function loadPlayer() {
  const [player, age] = await Promise.all([
    import("./sound/sound_player.js"),
    import("./sound/picture_age.js"),
  ]);
  return { ...player, ...age };
}

/** @param {string | null} remembered */
function levelOf(remembered) {
  const level = Math.round(Number(remembered));
  return level >= 1 && level <= 100 ? level : 100;
}

/**
 * Returns the amplitude of a volume, which ears take for the same share of the loudness.
 *
 * @param {number} level 1..100.
 */
function loudness(level) {
  return (level / 100) ** 2;
}
