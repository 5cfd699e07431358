/// <reference lib="dom" />
import type { BrowserContext, Page } from "playwright-core";

/** A time without sound on the way to the loudspeaker, while the page played. */
export interface Silence {
  /** When it began: wall time, milliseconds. */
  readonly at: number;
  /** How long it lasted. Milliseconds. */
  readonly ms: number;
}

/** What a page's viewer saw and heard. All times are wall time in milliseconds. */
export interface Perceived {
  /** When beeps came out of the loudspeaker. */
  readonly beeps: readonly number[];
  /** When the picture became white. */
  readonly flashes: readonly number[];
  /** Silences of 5 ms and more, between sounds. */
  readonly silences: readonly Silence[];
  /** What the page last reported to the server of what it hears; `null` before. */
  readonly heard: {
    readonly buffered: number;
    readonly gaps: number;
    readonly offset: number | null;
  } | null;
  /** Milliseconds from the graph to the loudspeaker, as the browser says. */
  readonly latency: number;
}

/** Where the page keeps it. */
interface ProbedWindow extends Window {
  perceived: {
    beeps: number[];
    flashes: number[];
    silences: Silence[];
    heard: Perceived["heard"];
    latency: number;
  };
}

/** Makes the pages that open from now on note what comes out of them. */
export async function probe(context: BrowserContext): Promise<void> {
  await context.addInitScript(listen);
  await context.addInitScript(watch);
}

/** Returns what the page's viewer has seen and heard so far. */
export function perceived(page: Page): Promise<Perceived> {
  return page.evaluate(() => (globalThis as unknown as ProbedWindow).perceived);
}

/**
 * Runs in the page: analyses what the page connects to the loudspeaker, and notes what it reports. An AudioWorklet would
 * see every sample, too, but takes the browser's audio off its real-time thread: then a busy machine interrupts the sound.
 */
function listen(): void {
  const seen: ProbedWindow["perceived"] = {
    beeps: [],
    flashes: [],
    silences: [],
    heard: null,
    latency: 0,
  };
  (globalThis as unknown as ProbedWindow).perceived = seen;
  const LOUD = 0.05, SILENT = 0.003, SHORTEST_MS = 5, BETWEEN_BEEPS_MS = 300;
  const ANALYSED = 32_768, EVERY_MS = 200;

  const wallOf = (context: AudioContext, frame: number) => {
    const seconds = frame / context.sampleRate;
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    seen.latency = 1000 * context.outputLatency;
    // Before the device has played anything, there is no timestamp.
    const at = performanceTime > 0
      ? performanceTime + 1000 * (seconds - contextTime)
      : performance.now() + 1000 * (seconds - context.currentTime + context.outputLatency);
    return performance.timeOrigin + at;
  };

  const analyse = (context: AudioContext) => {
    const analyser = context.createAnalyser();
    analyser.fftSize = ANALYSED;
    const samples = new Float32Array(ANALYSED),
      frames = (ms: number) => ms * context.sampleRate / 1000;
    let end = 0, audibleAt = -1, loudAt = -Infinity;
    setInterval(() => {
      const before = end;
      end = Math.round(context.currentTime * context.sampleRate);
      analyser.getFloatTimeDomainData(samples);
      for (let at = Math.max(before, end - ANALYSED); at < end; at++) {
        const level = Math.abs(samples[at - end + ANALYSED]);
        if (level < SILENT) continue;
        if (level >= LOUD) {
          if (at - loudAt > frames(BETWEEN_BEEPS_MS)) seen.beeps.push(wallOf(context, at));
          loudAt = at;
        }
        const silent = at - audibleAt;
        if (audibleAt >= 0 && silent >= frames(SHORTEST_MS)) {
          seen.silences.push({ at: wallOf(context, audibleAt), ms: silent / frames(1) });
        }
        audibleAt = at;
      }
    }, EVERY_MS);
    return analyser;
  };

  const analysers = new WeakMap<BaseAudioContext, AnalyserNode>();
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const { context } = this;
    if (args[0] === context.destination && context instanceof AudioContext) {
      const analyser = analysers.get(context) ?? analyse(context);
      analysers.set(context, analyser);
      connect.call(this, analyser);
    }
    return connect.apply(this, args);
  } as typeof AudioNode.prototype.connect;

  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    if (typeof data === "string" && data.includes('"heard"')) {
      const { type, ...heard } = JSON.parse(data);
      if (type === "heard") seen.heard = heard;
    }
    send.call(this, data);
  };
}

/** Runs in the page: looks at the picture at every paint. */
function watch(): void {
  const { flashes } = (globalThis as unknown as ProbedWindow).perceived;
  const sample = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true })!;
  let wasDark = false;
  const look = () => {
    requestAnimationFrame(look);
    const picture = document.querySelector<HTMLCanvasElement>("#picture");
    if (!picture || picture.width === 0) return;
    sample.drawImage(picture, 0, 0, 8, 8);
    const { data } = sample.getImageData(4, 4, 1, 1);
    if (data[1] > 160 && wasDark) flashes.push(performance.timeOrigin + performance.now());
    if (data[1] > 160 || data[1] < 80) wasDark = data[1] < 80;
  };
  requestAnimationFrame(look);
}
