import { Resampler } from "./resampler.js";

/** The rate of what the decoder returns. Hertz. */
const RATE = 48_000;

/** How long a change of the volume takes, so that it does not click. Seconds. */
const RAMP_S = 0.01;

/** How long sound takes to begin after silence. Samples. */
const FADE_IN = 240;

/** If the context's clock stands still for this long, its device is gone. Milliseconds. */
const STUCK_MS = 2000;

/**
 * Plays blocks of samples one after the other, without a seam, on an AudioContext: each becomes a node that starts at the
 * sample at which the one before ends. Times are in milliseconds on the context's clock.
 */
export class SoundOutput {
  #context;
  #gain;
  #resampler;
  /** Nodes that have not ended. @type {Set<AudioBufferSourceNode>} */
  #nodes = new Set();
  /** The sample at which the next block starts. */
  #next = 0;
  #volume = 1;
  /** Where the context's clock last was, and when it moved there. @type {{ now: number, at: number } | null} */
  #moved = null;
  /** @type {number | undefined} */
  #timer;

  /** @param {() => void} onChange The state of the context changed. */
  constructor(onChange) {
    this.#context = new AudioContext({ sampleRate: RATE, latencyHint: "interactive" });
    this.#context.onstatechange = onChange;
    this.#gain = this.#context.createGain();
    this.#gain.connect(this.#context.destination);
    this.#resampler = new Resampler(RATE, this.#context.sampleRate);
  }

  /** Whether the browser plays it. If not, it may want a tap first, or something else uses the loudspeaker. */
  get isRunning() {
    return this.#context.state === "running";
  }

  get now() {
    return this.#context.currentTime * 1000;
  }

  /**
   * Whether the device is gone that it played on. The browser then leaves the context as it was.
   *
   * @param {number} at The page's monotonic time. Ask with each packet: only so is it known when the clock last moved.
   */
  isStuck(at) {
    const { now } = this;
    if (now !== this.#moved?.now) this.#moved = { now, at };
    return at - this.#moved.at > STUCK_MS;
  }

  /** When what is scheduled ends. */
  get end() {
    return this.#next * 1000 / this.#context.sampleRate;
  }

  /** How much later than on the context's clock something is heard. Milliseconds. */
  get latency() {
    return (this.#context.outputLatency || this.#context.baseLatency || 0) * 1000;
  }

  /** @param {number} volume 0..1. */
  set volume(volume) {
    this.#volume = volume;
    this.#rampTo(volume);
  }

  /** Asks the browser to play. Outside a user's gesture it may ignore that for ever. */
  resume() {
    clearTimeout(this.#timer);
    // It stood still while it was suspended.
    this.#moved = null;
    this.#rampTo(this.#volume);
    return this.#context.resume();
  }

  /** Silences the output, forgets what is scheduled, and then lets the audio device rest. */
  suspend() {
    this.clear();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#context.suspend(), 5000 * RAMP_S);
  }

  /** Fades out, and forgets what is scheduled. */
  clear() {
    this.#rampTo(0);
    this.#gain.gain.setValueAtTime(this.#volume, this.#context.currentTime + RAMP_S);
    for (const node of this.#nodes) node.stop(this.#context.currentTime + RAMP_S);
    this.#nodes.clear();
    this.#next = 0;
    this.#resampler.reset();
  }

  /** Frees the audio device. The output cannot be used again. */
  close() {
    clearTimeout(this.#timer);
    this.#context.onstatechange = null;
    return this.#context.close();
  }

  /** @param {number} start When the next block starts. What was played before does not continue. */
  moveTo(start) {
    this.#next = Math.max(this.#next, Math.round(start * this.#context.sampleRate / 1000));
    this.#resampler.reset();
  }

  /**
   * Plays samples after those before.
   *
   * @param {readonly Float32Array[]} channels Left and right, at 48 kHz. Fading changes them.
   * @param {object} options
   * @param {number} [options.rate] How much faster than normal.
   * @param {boolean} [options.fadesIn]
   * @param {boolean} [options.fadesOut]
   */
  play(channels, { rate = 1, fadesIn = false, fadesOut = false }) {
    for (const channel of channels) {
      if (fadesIn) fadeIn(channel);
      if (fadesOut) fadeOut(channel);
    }
    const outputs = this.#resampler.process(channels, rate);
    const { length } = outputs[0];
    if (length === 0) return;
    const { sampleRate } = this.#context;
    const buffer = this.#context.createBuffer(outputs.length, length, sampleRate);
    outputs.forEach((output, i) => buffer.copyToChannel(output, i));
    const node = new AudioBufferSourceNode(this.#context, { buffer });
    node.connect(this.#gain);
    node.onended = () => this.#nodes.delete(node);
    node.start(this.#next / sampleRate);
    this.#nodes.add(node);
    this.#next += length;
  }

  /** @param {number} volume */
  #rampTo(volume) {
    const { gain } = this.#gain;
    const now = this.#context.currentTime;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(volume, now + RAMP_S);
  }
}

/** @param {Float32Array} samples */
function fadeIn(samples) {
  const length = Math.min(FADE_IN, samples.length);
  for (let i = 0; i < length; i++) samples[i] *= i / length;
}

/** @param {Float32Array} samples */
function fadeOut(samples) {
  const { length } = samples;
  for (let i = 0; i < length; i++) samples[i] *= 1 - (i + 1) / length;
}
