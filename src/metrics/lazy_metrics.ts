import type { Metrics } from "./metrics.ts";
import type { MetricSources } from "./sources.ts";

/**
 * Metrics whose libraries are loaded after the program has started to listen, so that the first
 * frame need not wait for them. What is recorded before that is lost.
 */
export class LazyMetrics {
  #metrics: Metrics | null = null;

  /** Loads the libraries and starts to measure. */
  async load(sources: MetricSources): Promise<void> {
    const { Metrics } = await import("./metrics.ts");
    this.#metrics = new Metrics(sources);
  }

  /** Returns every metric in the text format of Prometheus; `null` before they are loaded. */
  render(): Promise<string> | null {
    return this.#metrics?.render() ?? null;
  }

  /** Records how long a thread took for one frame. Milliseconds. */
  encoded(milliseconds: number): void {
    this.#metrics?.encoded(milliseconds);
  }

  /** Records how late a timer was. Milliseconds. */
  lagged(milliseconds: number): void {
    this.#metrics?.lagged(milliseconds);
  }

  /** Samples the viewers' delay. Call it four times a second. */
  tick(): void {
    this.#metrics?.tick();
  }
}
