// Which key of the table does what now, and the table itself laid over the page.

import { make } from "./dom.js";

const TEXT = /^(?!(checkbox|radio|button|submit|reset|range|color|file|image)$)/;

function isTextField(node) {
  if (!(node instanceof Element)) return false;
  if (node.tagName === "INPUT") return TEXT.test(node.type);
  return node.tagName === "TEXTAREA" || node.tagName === "SELECT" || node.isContentEditable;
}

// The letter of a key, also where the keyboard writes another alphabet.
function written(event) {
  const isLetter = /^Key[A-Z]$/.test(event.code) && !/^[\x20-\x7e]$/.test(event.key);
  const key = isLetter ? event.code.slice(3) : event.key;
  if (!/^[a-zA-Z]$/.test(key)) return key;
  return event.shiftKey ? `Shift + ${key.toUpperCase()}` : key.toUpperCase();
}

export const isPanelOpen = () => document.querySelector("[role=dialog]") !== null;

// The name of what a key press asks of the list; nothing while somebody types or a panel answers.
export function asked(event, table) {
  return answeredBy("component", event, table)?.name ?? "";
}

// The name of what a key press asks of a button of the page.
export function askedOfButton(event, table) {
  return answeredBy("shortcut", event, table)?.name ?? "";
}

// Say that a field is asked for: what is typed from now on is meant for it (aexdash/ui/frame/typing.js).
export function askForField(name) {
  document.dispatchEvent(new CustomEvent("asks-for-field", { detail: name }));
}

// The line of the table of a key press, where it is answered so now.
function answeredBy(what, event, table) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTextField(event.composedPath()[0])) return undefined;
  const where = isPanelOpen() ? "in_panel" : "in_list";
  const key = written(event);
  return table.find((one) => one.keys.includes(key) && one[where] === what);
}

export class Overlay {
  constructor(root) {
    this.root = root;
    this.node = make("div", { class: "keys", role: "dialog", "aria-label": "Keys of the worklist", popover: "manual", tabindex: -1 });
    root.append(this.node);
  }

  get isOpen() {
    return this.node.matches(":popover-open");
  }

  toggle({ keys: table, keysFor, snoozes }) {
    if (this.isOpen) {
      this.close();
      return;
    }
    const line = (keys, does) => make("tr", {}, make("th", { scope: "row" }, ...keys.flatMap(
      (key, index) => [index ? " " : "", ...key.split(" + ").map((part) => make("kbd", { text: part }))])), make("td", { text: does }));
    const shut = make("button", { type: "button", class: "shut", "aria-label": "Close the table of keys", text: "×" });
    shut.addEventListener("click", () => this.close());
    this.node.replaceChildren(
      make("div", { class: "keys-head" }, make("strong", { text: "Keys of the worklist" }), shut),
      make("p", { class: "small", text: keysFor }),
      make("table", {}, make("tbody", {}, ...table.map((key) => line(key.keys, key.does)))),
      make("p", { class: "small", text: `After S: ${snoozes.map(([key, , words]) => `${key} ${words}`).join(" · ")}` }),
    );
    this.before = this.root.activeElement ?? document.activeElement;
    this.node.showPopover();
    if (!isPanelOpen()) shut.focus();
  }

  close() {
    this.node.hidePopover();
    this.before?.focus?.({ preventScroll: true });
  }
}
