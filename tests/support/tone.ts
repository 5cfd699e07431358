/** Returns a tone, in both channels. */
export function toneOf(hertz: number, samples: number, rate = 48_000): Float32Array[] {
  const channel = Float32Array.from(
    { length: samples },
    (_, i) => Math.sin(2 * Math.PI * hertz * i / rate),
  );
  return [channel, channel.slice()];
}

/** How far everything but a tone lies below it, in decibels: noise, harmonics, clicks. */
export function distortion(samples: Float32Array, hertz: number, rate = 48_000): number {
  // Least squares of a sine and a cosine.
  let [ss, sc, cc, sy, cy] = [0, 0, 0, 0, 0];
  samples.forEach((y, i) => {
    const s = Math.sin(2 * Math.PI * hertz * i / rate);
    const c = Math.cos(2 * Math.PI * hertz * i / rate);
    ss += s * s;
    sc += s * c;
    cc += c * c;
    sy += s * y;
    cy += c * y;
  });
  const determinant = ss * cc - sc * sc;
  const a = (sy * cc - cy * sc) / determinant;
  const b = (cy * ss - sy * sc) / determinant;
  let [signal, rest] = [0, 0];
  samples.forEach((y, i) => {
    const x = 2 * Math.PI * hertz * i / rate;
    const fit = a * Math.sin(x) + b * Math.cos(x);
    signal += fit * fit;
    rest += (y - fit) ** 2;
  });
  return 10 * Math.log10(rest / signal);
}
