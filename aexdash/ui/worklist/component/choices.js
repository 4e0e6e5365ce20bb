// For how long: the choices after the key that snoozes, in the line over the list, each with a key of its own.

import { make } from "./dom.js";

export class Choices {
  // `chosen` is called with what is chosen, as the server wants it told.
  constructor(chosen) {
    this.chosen = chosen;
    this.node = make("span", { class: "choices", role: "group", "aria-label": "Snooze for how long", hidden: "" });
  }

  get isOpen() {
    return !this.node.hidden;
  }

  open(snoozes, count) {
    this.snoozes = snoozes;
    const button = ([key, , words]) => {
      const node = make("button", { type: "button" }, make("kbd", { text: key }), ` ${words}`);
      node.addEventListener("click", () => this.choose(key));
      return node;
    };
    this.node.replaceChildren(make("strong", { text: count > 1 ? `Snooze ${count}` : "Snooze" }), ...snoozes.map(button));
    this.node.hidden = false;
  }

  close() {
    this.node.hidden = true;
  }

  // Whether a key is one of the choices; then it is made.
  choose(key) {
    const found = this.isOpen && this.snoozes.find(([one]) => one === key);
    if (!found) return false;
    this.close();
    this.chosen(found[1]);
    return true;
  }
}
