import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  DELAY,
  ENCODING,
  type HistogramDefinition,
  type Instrument,
  INSTRUMENTS,
  LAG,
  SOUND_DELAY,
} from "./instruments.ts";
import type { MetricSources } from "./sources.ts";

type Meter = ReturnType<MeterProvider["getMeter"]>;
type Histogram = ReturnType<Meter["createHistogram"]>;

/** The number of ticks between two samples of the viewers' delay. */
const DELAY_TICKS = 4;

/** Collects metrics on demand. */
class PullReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** The metrics of the program, for Prometheus. */
export class Metrics {
  readonly #sources: MetricSources;
  readonly #reader = new PullReader();
  readonly #serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  readonly #encoding: Histogram;
  readonly #delay: Histogram;
  readonly #soundDelay: Histogram;
  readonly #lag: Histogram;
  #ticks = 0;

  /** Creates the metrics; reads the sources at each scrape. */
  constructor(sources: MetricSources) {
    this.#sources = sources;
    const meter = new MeterProvider({ readers: [this.#reader] }).getMeter("livestream");
    for (const instrument of INSTRUMENTS) observe(meter, instrument, sources);
    this.#encoding = histogram(meter, ENCODING);
    this.#delay = histogram(meter, DELAY);
    this.#soundDelay = histogram(meter, SOUND_DELAY);
    this.#lag = histogram(meter, LAG);
  }

  /** Records how long a thread took for one frame. Milliseconds. */
  encoded(milliseconds: number): void {
    this.#encoding.record(milliseconds / 1000);
  }

  /** Records how late a timer was. Milliseconds. */
  lagged(milliseconds: number): void {
    this.#lag.record(milliseconds / 1000);
  }

  /** Samples the delay of pictures and sound. Call it four times a second. */
  tick(): void {
    if (++this.#ticks % DELAY_TICKS !== 0) return;
    for (const { delivery: { delay } } of this.#sources.audience.viewers) {
      if (delay !== null) this.#delay.record(delay / 1000);
    }
    for (const { delay } of this.#sources.pageSound.hearings) {
      if (delay !== null) this.#soundDelay.record(delay / 1000);
    }
  }

  /** Returns every metric in the text format 0.0.4 of Prometheus. */
  async render(): Promise<string> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw errors[0];
    return this.#serializer.serialize(resourceMetrics);
  }
}

function observe(meter: Meter, instrument: Instrument, sources: MetricSources): void {
  const { name, help, kind, read } = instrument;
  const description = { description: help };
  const observable = kind === "counter"
    ? meter.createObservableCounter(name, description)
    : meter.createObservableGauge(name, description);
  observable.addCallback((result) => {
    for (const { value, labels } of read(sources)) result.observe(value, labels);
  });
}

function histogram(meter: Meter, { name, help, bounds }: HistogramDefinition): Histogram {
  return meter.createHistogram(name, {
    description: help,
    advice: { explicitBucketBoundaries: [...bounds] },
  });
}
