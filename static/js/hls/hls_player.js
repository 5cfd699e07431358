/** @typedef {import("./hls.d.ts").HlsLibrary} HlsLibrary */
/** @typedef {import("./hls.d.ts").HlsPlayer} HlsPlayer */

const TYPE = "application/vnd.apple.mpegurl";

/** After a fatal error, hls.js begins anew so much later. Milliseconds. */
const RETRY_MS = 2_000;

/** If decoding fails again this soon after hls.js has recovered, it begins anew. Milliseconds. */
const RECOVERED_MS = 3_000;

/** What hls.js reports in browsers without H.264: neither recovering nor retrying helps. */
const UNPLAYABLE = "manifestIncompatibleCodecsError";

/**
 * It gives a request up soon, to go on by another edge if there are any; hls.js would try the same one for half a minute.
 * Longer than the server holds a request back.
 */
const LOAD_POLICY = {
  default: {
    maxTimeToFirstByteMs: 4_000,
    maxLoadTimeMs: 10_000,
    timeoutRetry: null,
    errorRetry: { maxNumRetry: 1, retryDelayMs: 300, maxRetryDelayMs: 300 },
  },
};

/** Edges hold no request back. hls.js tries the other rendition before the other edge. */
const EDGE_LOAD_POLICY = { default: { ...LOAD_POLICY.default, maxTimeToFirstByteMs: 2_000 } };

/** Playlists of an edge list no parts and are up to a second old. Seconds behind their end. */
const EDGE_LATENCY = 3.5;
const EDGE_MAX_LATENCY = 10;

/**
 * hls.js. It stays 1.6 s behind the end of the playlist where it lists parts, and plays 10 % faster if it is later. What
 * is more than 6 s late is skipped.
 */
const OPTIONS = {
  // The content policy forbids workers from a `blob:`; there is nothing to do for one with fragmented MP4.
  enableWorker: false,
  lowLatencyMode: true,
  liveSyncDuration: 1.6,
  liveMaxLatencyDuration: 6,
  maxLiveSyncPlaybackRate: 1.1,
  backBufferLength: 10,
  playlistLoadPolicy: LOAD_POLICY,
  fragLoadPolicy: LOAD_POLICY,
  // Parts are too small to measure a fast link by; begin with what most links carry.
  abrEwmaDefaultEstimate: 8_000_000,
};

/**
 * Plays HLS in a video element: by hls.js, or by the browser itself if that is Safari, which does it best, or where hls.js
 * does not work.
 */
export class LivePlayer {
  #video;
  #onState;
  /** @type {HlsPlayer | null} */
  #hls = null;

  /**
   * @param {HTMLVideoElement} video
   * @param {(state: "playing" | "lost" | "unplayable") => void} onState
   */
  constructor(video, onState) {
    this.#video = video;
    this.#onState = onState;
    video.addEventListener("playing", () => onState("playing"));
  }

  /** @param {string} url */
  async load(url) {
    const isSafari = "webkitSupportsPresentationMode" in this.#video;
    const isNative = this.#video.canPlayType(TYPE) !== "";
    if (isSafari && isNative) return this.#loadNatively(url);
    /** @type {HlsLibrary} */
    let Hls;
    try {
      Hls = await loadLibrary();
    } catch {
      this.#onState("lost");
      setTimeout(() => this.load(url), RETRY_MS);
      return;
    }
    if (Hls.isSupported()) this.#loadByLibrary(Hls, url);
    else if (isNative) this.#loadNatively(url);
    else this.#onState("unplayable");
  }

  /** When the shown picture was captured, in milliseconds since the Unix epoch; `null` if unknown. */
  get capturedAt() {
    if (this.#hls) return this.#hls.playingDate?.getTime() ?? null;
    const start = /** @type {{ getStartDate?: () => Date }} */ (this.#video).getStartDate?.();
    const at = (start?.getTime() ?? NaN) + this.#video.currentTime * 1_000;
    return Number.isNaN(at) ? null : at;
  }

  /** @param {string} url */
  #loadNatively(url) {
    this.#video.src = url;
    this.#video.addEventListener("error", () => {
      this.#onState("lost");
      setTimeout(() => {
        this.#video.src = url;
        this.#play();
      }, RETRY_MS);
    });
    this.#play();
  }

  /**
   * @param {HlsLibrary} Hls
   * @param {string} url
   */
  #loadByLibrary(Hls, url) {
    const hls = this.#hls = new Hls(OPTIONS);
    let recoveredAt = -Infinity;
    hls.on("hlsError", (_, { fatal, type, details }) => {
      if (!fatal) return;
      const isUnplayable = details === UNPLAYABLE;
      this.#onState(isUnplayable ? "unplayable" : "lost");
      const now = performance.now();
      if (type === "mediaError" && !isUnplayable && now - recoveredAt >= RECOVERED_MS) {
        recoveredAt = now;
        return hls.recoverMediaError();
      }
      hls.destroy();
      this.#hls = null;
      if (isUnplayable) return;
      setTimeout(() => this.#loadByLibrary(Hls, url), RETRY_MS);
    });
    hls.on("hlsLevelLoaded", (_, { details }) => {
      const { config } = hls;
      if (details.canBlockReload || config.playlistLoadPolicy === EDGE_LOAD_POLICY) return;
      config.playlistLoadPolicy = EDGE_LOAD_POLICY;
      config.liveMaxLatencyDuration = EDGE_MAX_LATENCY;
      hls.targetLatency = EDGE_LATENCY;
    });
    hls.loadSource(url);
    hls.attachMedia(this.#video);
    this.#play();
  }

  /** Plays. The video is muted at first, as browsers play no sound before the viewer has touched the page. */
  async #play() {
    try {
      await this.#video.play();
    } catch {
      // The button is there to begin.
    }
  }
}

/** Resolves to hls.js, which is no module. @returns {Promise<HlsLibrary>} */
function loadLibrary() {
  const script = document.createElement("script");
  script.src = new URL("./hls.light.min.js", import.meta.url).href;
  return new Promise((resolve, reject) => {
    script.onload = () => resolve(Reflect.get(globalThis, "Hls"));
    script.onerror = reject;
    document.head.append(script);
  });
}
