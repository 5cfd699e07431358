import type { KeptChoice, SoundStore } from "../channel/store.ts";
import type { Database } from "./database.ts";
import { Values } from "./values.ts";

/** Stores how the streamer set the sound. */
export class SoundRecord implements SoundStore {
  readonly #database: Database;
  readonly #values: Values;

  /** Prepares its statements. */
  constructor(database: Database) {
    this.#database = database;
    this.#values = new Values(database);
  }

  isMuted(): boolean {
    return this.#values.get("sound muted") === 1;
  }

  setMuted(isMuted: boolean): void {
    this.#values.set("sound muted", Number(isMuted));
  }

  gain(): number {
    return Number(this.#values.get("sound gain") ?? 0);
  }

  setGain(gain: number): void {
    this.#values.set("sound gain", gain);
  }

  delay(): KeptChoice<number> | null {
    return this.#choice("sound delay");
  }

  setDelay(delay: KeptChoice<number>): void {
    this.#setChoice("sound delay", delay);
  }

  isOnDemand(): KeptChoice<boolean> | null {
    const kept = this.#choice("sound on demand");
    return kept && { value: kept.value === 1, insteadOf: kept.insteadOf === 1 };
  }

  setOnDemand({ value, insteadOf }: KeptChoice<boolean>): void {
    this.#setChoice("sound on demand", { value: Number(value), insteadOf: Number(insteadOf) });
  }

  #choice(name: string): KeptChoice<number> | null {
    const value = this.#values.get(name);
    return value === null
      ? null
      : { value: Number(value), insteadOf: Number(this.#values.get(`${name} instead of`)) };
  }

  #setChoice(name: string, { value, insteadOf }: KeptChoice<number>): void {
    this.#database.transaction(() => {
      this.#values.set(name, value);
      this.#values.set(`${name} instead of`, insteadOf);
    });
  }
}
