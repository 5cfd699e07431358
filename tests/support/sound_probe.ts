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
  /** Whether the page had what notes beeps and silences: on an insecure address there is no AudioWorklet. */
  readonly isTapped: boolean;
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
    isTapped: boolean;
    latency: number;
  };
}

/** What a browser context needs for the probe. */
export const PROBE_CONTEXT = { bypassCSP: true } as const;

/** Makes the pages that open from now on note what comes out of them. The context needs {@linkcode PROBE_CONTEXT}. */
export async function probe(context: BrowserContext): Promise<void> {
  await context.addInitScript(listen, tap.toString());
  await context.addInitScript(watch);
}

/** Returns what the page's viewer has seen and heard so far. */
export function perceived(page: Page): Promise<Perceived> {
  return page.evaluate(() => (globalThis as unknown as ProbedWindow).perceived);
}

/** Runs in the page: taps what the page connects to the loudspeaker, and what it reports. */
function listen(tapSource: string): void {
  const nothing = {
    beeps: [],
    flashes: [],
    silences: [],
    heard: null,
    isTapped: false,
    latency: 0,
  };
  const seen: ProbedWindow["perceived"] = nothing;
  (globalThis as unknown as ProbedWindow).perceived = seen;
  const taps = new WeakMap<BaseAudioContext, Promise<AudioWorkletNode>>();
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
  const createTap = async (context: AudioContext) => {
    const source = new Blob([`(${tapSource})()`], { type: "text/javascript" });
    await context.audioWorklet.addModule(URL.createObjectURL(source));
    const node = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0 });
    node.port.onmessage = ({ data: { beep, silence } }) => {
      if (beep !== undefined) seen.beeps.push(wallOf(context, beep));
      else {
        const ms = 1000 * silence.frames / context.sampleRate;
        seen.silences.push({ at: wallOf(context, silence.from), ms });
      }
    };
    return node;
  };
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const { context } = this;
    if (args[0] === context.destination && context instanceof AudioContext) {
      if (!taps.has(context)) taps.set(context, createTap(context));
      taps.get(context)!.then((node) => {
        seen.isTapped = true;
        connect.call(this, node);
      }, () => {});
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

/** Runs in an AudioWorklet: finds beginnings of beeps and silences, to the sample. */
function tap(): void {
  const scope = globalThis as unknown as {
    readonly AudioWorkletProcessor: new () => { readonly port: MessagePort };
    readonly currentFrame: number;
    readonly sampleRate: number;
    registerProcessor(name: string, processor: unknown): void;
  };
  const [LOUD, SILENT] = [0.05, 0.003];
  const SHORTEST = 0.005 * scope.sampleRate, BETWEEN_BEEPS = 0.3 * scope.sampleRate;
  class Tap extends scope.AudioWorkletProcessor {
    #audibleAt = -1;
    #loudAt = -Infinity;

    process([[samples = new Float32Array(128)]]: Float32Array[][]): boolean {
      for (let i = 0; i < samples.length; i++) {
        const at = scope.currentFrame + i, level = Math.abs(samples[i]);
        if (level < SILENT) continue;
        if (level >= LOUD) {
          if (at - this.#loudAt > BETWEEN_BEEPS) this.port.postMessage({ beep: at });
          this.#loudAt = at;
        }
        const frames = at - this.#audibleAt;
        if (this.#audibleAt >= 0 && frames >= SHORTEST) {
          this.port.postMessage({ silence: { from: this.#audibleAt, frames } });
        }
        this.#audibleAt = at;
      }
      return true;
    }
  }
  scope.registerProcessor("tap", Tap);
}

/** Runs in the page: looks at the picture at every paint. */
function watch(): void {
  const { flashes } = (globalThis as unknown as ProbedWindow).perceived;
  const sample = new OffscreenCanvas(8, 8).getContext("2d", { willReadFrequently: true })!;
  let wasDark = false;
  const look = () => {
    requestAnimationFrame(look);
    const pictures = [...document.querySelectorAll("canvas, img")] as HTMLCanvasElement[];
    const largest = pictures.sort((a, b) => b.clientWidth - a.clientWidth)[0];
    if (!largest || largest.width === 0) return;
    try {
      sample.drawImage(largest, 0, 0, 8, 8);
    } catch {
      // An image that is not loaded yet cannot be drawn.
      return;
    }
    const { data } = sample.getImageData(4, 4, 1, 1);
    if (data[1] > 160 && wasDark) flashes.push(performance.timeOrigin + performance.now());
    if (data[1] > 160 || data[1] < 80) wasDark = data[1] < 80;
  };
  requestAnimationFrame(look);
}
