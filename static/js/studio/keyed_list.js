/**
 * Updates the children of an element to match a list of items. It reuses children and moves them only if necessary, which
 * keeps focus, selection and the reading position.
 *
 * @template Item
 */
export class KeyedList {
  #parent;
  #keyOf;
  #create;
  #fill;
  #fallback;
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();

  /**
   * @param {object} options
   * @param {HTMLElement} options.parent Must have no other children.
   * @param {(item: Item) => string} options.keyOf
   * @param {(key: string) => HTMLElement} options.create
   * @param {(element: HTMLElement, item: Item) => void} options.fill Called on every update.
   * @param {HTMLElement} options.fallback Gets the focus when the child that has it is removed.
   */
  constructor({ parent, keyOf, create, fill, fallback }) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
    this.#fill = fill;
    this.#fallback = fallback;
  }

  /** @param {readonly Item[]} items In the order they are shown. */
  show(items) {
    const hadFocus = this.#parent.contains(document.activeElement);
    const before = this.#elements;
    this.#elements = new Map();
    for (const item of items) {
      const key = this.#keyOf(item);
      const element = before.get(key) ?? this.#create(key);
      before.delete(key);
      this.#elements.set(key, element);
      this.#fill(element, item);
    }
    for (const element of before.values()) element.remove();
    let next = this.#parent.firstElementChild;
    for (const element of this.#elements.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.#parent.insertBefore(element, next);
    }
    if (hadFocus && !this.#parent.contains(document.activeElement)) this.#fallback.focus();
  }
}

/**
 * Returns a copy of the only element in a template.
 *
 * @param {HTMLTemplateElement} template
 * @returns {HTMLElement}
 */
export function copyOf(template) {
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  return /** @type {HTMLElement} */ (copy.firstElementChild);
}

/**
 * Returns a part that the element must have.
 *
 * @param {Element} parent
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function partOf(parent, selector) {
  return /** @type {HTMLElement} */ (parent.querySelector(selector));
}
