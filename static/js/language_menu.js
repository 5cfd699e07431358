const form = document.querySelector("form#language");

if (form instanceof HTMLFormElement) {
  for (const element of form.elements) {
    // Without scripts, the button sends the choice.
    if (element instanceof HTMLButtonElement) element.hidden = true;
    if (element instanceof HTMLSelectElement) {
      element.addEventListener("change", () => form.submit());
    }
  }
}
