import { byId } from "../dom.js";

/** The form that asks for the token. */
export class SignIn {
  #form = byId("sign-in", HTMLFormElement);
  #input = byId("token", HTMLInputElement);
  #problem = byId("sign-in-problem", HTMLElement);
  #opening = byId("opening", HTMLElement);

  /** @param {(token: string) => void} onToken */
  constructor(onToken) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      // In a pasted address, the token follows the #.
      const token = text.slice(text.lastIndexOf("#") + 1);
      if (token) onToken(token);
    });
  }

  /** @param {string} problem What is wrong with the token; empty if none was tried. */
  ask(problem) {
    this.#opening.hidden = true;
    this.#form.hidden = false;
    this.#problem.textContent = problem;
    this.#problem.hidden = problem === "";
    this.#input.select();
    this.#input.focus();
  }

  /** Shows that a token is being tried. */
  wait() {
    this.#form.hidden = true;
    this.#opening.hidden = false;
  }

  done() {
    this.#form.hidden = true;
    this.#opening.hidden = true;
    this.#input.value = "";
  }
}
