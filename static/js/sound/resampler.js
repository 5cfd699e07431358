/** Input samples before and after a point that its value is made of. */
const HALF = 16;
const TAPS = 2 * HALF;

/** Places between two samples for which a kernel is kept; between them, interpolated. */
const PHASES = 256;

/** Shape of the Kaiser window: noise stays 90 dB below the signal. */
const BETA = 9;

/**
 * Changes the sample rate of continuous stereo sound, by a ratio that may change with each block: there is no seam between
 * blocks. Its output is `HALF` samples late.
 */
export class Resampler {
  #ratio;
  #kernel;
  /** The last samples of the blocks before, by channel. */
  #past = [new Float32Array(TAPS), new Float32Array(TAPS)];
  /** Where the next output sample lies, in input samples from the beginning of `#past`. */
  #position = HALF;

  /**
   * @param {number} inputRate Hertz.
   * @param {number} outputRate
   */
  constructor(inputRate, outputRate) {
    this.#ratio = inputRate / outputRate;
    this.#kernel = kernelOf(Math.min(1, 1 / this.#ratio) * 0.97);
  }

  /** Forgets the blocks before. */
  reset() {
    this.#past.forEach((past) => past.fill(0));
    this.#position = HALF;
  }

  /**
   * Returns as much output as the input so far gives.
   *
   * @param {readonly Float32Array[]} channels Two, of the same length.
   * @param {number} [rate] How much faster than normal to play: 1.01 makes 1 % less output.
   * @returns {Float32Array<ArrayBuffer>[]}
   */
  process(channels, rate = 1) {
    const step = this.#ratio * rate;
    const length = channels[0].length;
    const start = this.#position;
    // The last kernel must end within the input.
    const last = length + HALF;
    let count = Math.max(0, Math.ceil((last - start) / step));
    // The quotient may have been rounded up.
    while (count > 0 && start + (count - 1) * step >= last) count--;
    const outputs = channels.map((channel, i) => {
      const samples = new Float32Array(TAPS + length);
      samples.set(this.#past[i]);
      samples.set(channel, TAPS);
      this.#past[i] = samples.slice(length);
      const output = new Float32Array(count);
      for (let k = 0; k < count; k++) output[k] = this.#valueAt(samples, start + k * step);
      return output;
    });
    this.#position = start + count * step - length;
    return outputs;
  }

  /**
   * @param {Float32Array} samples
   * @param {number} position
   */
  #valueAt(samples, position) {
    const whole = Math.floor(position);
    const place = (position - whole) * PHASES;
    const phase = Math.floor(place);
    const share = place - phase;
    const kernel = this.#kernel;
    let row = phase * TAPS;
    let value = 0;
    for (let i = whole - HALF + 1; i <= whole + HALF; i++, row++) {
      value += samples[i] * (kernel[row] + share * (kernel[row + TAPS] - kernel[row]));
    }
    return value;
  }
}

/**
 * Returns a windowed sinc for each place between two samples, one row after the other.
 *
 * @param {number} cutoff Of the frequencies that the input can have.
 */
function kernelOf(cutoff) {
  const kernel = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase++) {
    const row = kernel.subarray(phase * TAPS, (phase + 1) * TAPS);
    for (let i = 0; i < TAPS; i++) {
      const x = i - HALF + 1 - phase / PHASES;
      row[i] = sinc(cutoff * x) * kaiser(x / HALF);
    }
    // Otherwise constant input would come out with a ripple.
    const sum = row.reduce((total, value) => total + value, 0);
    for (let i = 0; i < TAPS; i++) row[i] /= sum;
  }
  return kernel;
}

/** @param {number} x */
function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param {number} x -1..1. */
function kaiser(x) {
  return bessel(BETA * Math.sqrt(Math.max(0, 1 - x * x))) / bessel(BETA);
}

/**
 * The modified Bessel function of the first kind, of order 0.
 *
 * @param {number} x
 */
function bessel(x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
