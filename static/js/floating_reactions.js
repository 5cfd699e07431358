import { byId, element } from "./dom.js";
import { ReactionQueue } from "./reaction_queue.js";

/** @typedef {import("../../src/live_messages.ts").Reaction} Reaction */

/** At most eight are drawn a second. Milliseconds. */
const EVERY_MS = 125;
const FLOAT_MS = 2600;

/** Viewers' reactions, which float over the picture; a count instead for those who want little motion. */
export class FloatingReactions {
  #queue = new ReactionQueue();
  #layer = element("div", "", "floating-reactions");
  #count = element("p");
  /** @type {Map<Reaction, SVGElement>} */
  #icons = new Map();
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Map<Reaction, number>} Those that the count shows. */
  #counted = new Map();
  /** @type {number | undefined} */
  #drawing;
  /** @type {number | undefined} */
  #counting;

  /** @param {Element} parent Positioned, as large as the picture. */
  constructor(parent) {
    const { content } = byId("reaction-template", HTMLTemplateElement);
    for (const icon of content.querySelectorAll("svg")) {
      this.#icons.set(/** @type {Reaction} */ (icon.dataset.reaction), icon);
    }
    this.#layer.setAttribute("aria-hidden", "true");
    this.#count.hidden = true;
    this.#layer.append(this.#count);
    parent.append(this.#layer);
  }

  /** @param {Readonly<Partial<Record<Reaction, number>>>} counts */
  show(counts) {
    if (document.hidden) return;
    if (this.#reduced.matches) return this.#addUp(counts);
    this.#queue.add(counts);
    this.#drawing ??= setInterval(() => this.#draw(), EVERY_MS);
  }

  #draw() {
    const reaction = this.#queue.next();
    if (!reaction) {
      clearInterval(this.#drawing);
      this.#drawing = undefined;
      return;
    }
    const flying = this.#copyOf(reaction);
    this.#layer.append(flying);
    const x = Math.random() * 90;
    const drift = x - 20 + Math.random() * 40;
    const flight = flying.animate([
      { transform: `translate(${-x}px, 0) scale(0.5)`, opacity: 0 },
      { transform: `translate(${-x}px, -3rem) scale(1)`, opacity: 1, offset: 0.15 },
      { transform: `translate(${-drift}px, -15rem) scale(1.1)`, opacity: 0 },
    ], { duration: FLOAT_MS, easing: "ease-out" });
    flight.onfinish = () => flying.remove();
  }

  /** @param {Reaction} reaction */
  #copyOf(reaction) {
    return /** @type {SVGElement} */ (this.#icons.get(reaction)?.cloneNode(true));
  }

  /** @param {Readonly<Partial<Record<Reaction, number>>>} counts */
  #addUp(counts) {
    for (const [kind, count] of Object.entries(counts)) {
      const reaction = /** @type {Reaction} */ (kind);
      this.#counted.set(reaction, (this.#counted.get(reaction) ?? 0) + count);
    }
    const shown = Array.from(this.#counted, ([kind, count]) => [this.#copyOf(kind), ` ${count}`]);
    this.#count.replaceChildren(...shown.flat());
    this.#count.hidden = false;
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => {
      this.#counted.clear();
      this.#count.hidden = true;
    }, FLOAT_MS);
  }
}
