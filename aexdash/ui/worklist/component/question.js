// What is asked about one listing before something is done to it, with its two answers. It lies over the rows below.

import { make } from "./dom.js";

export class Question {
  constructor() {
    this.words = make("span", { class: "words" });
    this.yes = make("button", { type: "button", class: "yes", tabindex: -1 });
    this.no = make("button", { type: "button", class: "no", tabindex: -1 });
    this.node = make("div", { class: "ask", role: "group", hidden: "" }, this.words, this.yes, this.no);
  }

  get isOpen() {
    return !this.node.hidden;
  }

  // Ask, or with no answers ask nothing.
  show(words, answers, about) {
    this.node.hidden = !answers;
    if (!answers) return;
    const [yes, no] = answers;
    this.words.textContent = words;
    this.node.setAttribute("aria-label", words);
    for (const [button, text] of [[this.yes, yes], [this.no, no]]) {
      button.textContent = text;
      button.setAttribute("aria-label", `${text}: ${about}`);
    }
    this.yes.setAttribute("aria-description", words);
  }

  // The answer that a click on a node is; empty for none.
  answerOf(target) {
    return [["yes", this.yes], ["no", this.no]].find(([, button]) => button.contains(target))?.[0] ?? "";
  }
}
