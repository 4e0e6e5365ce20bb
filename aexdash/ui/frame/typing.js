// Keeps what is typed between the key that asks for a field and the moment when the field has the focus: it goes into the
// field, and none of it is a key of the page. Until then the server has to answer, and letters would decide on listings.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("keepsTyping" in page.dataset) return;
  page.dataset.keepsTyping = "";

  const LONGEST = 60000; // milliseconds to wait for a field; what was typed for one that never came is forgotten
  const AGAIN = 20; // milliseconds between two looks for it
  const HELD = 500; // milliseconds after it has the focus for the first time, and until the page is drawn: what opens may be drawn once more
  const TEXT = "textarea, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
  const CHOICES = ".st-key-panel-snooze"; // what is chosen by a digit needs no focus

  let waits = null; // { name, until, since, places, field, was, typed }: for what it waits and where it was last asked for, the field it has or had, and what was typed meanwhile

  const isDrawn = () => document.querySelector('.stApp[data-test-script-state="notRunning"]') !== null;

  // Whether a button of an open panel would open its field now: one that is open already would be closed.
  function opens(name) {
    const buttons = document.querySelector(".st-key-panel-actions");
    if (!buttons) return true; // asked for in the list
    const button = buttons.querySelector(`[class*="st-key-panel-${name}-"] button`);
    return button !== null && !button.disabled && !document.querySelector(`.st-key-panel-${name}`);
  }

  function begin(name) {
    if (!opens(name)) return;
    waits = { name, until: performance.now() + LONGEST, since: 0, places: [], field: null, was: null, typed: [] };
    look(waits);
  }

  // The field that was asked for last; the script that moves the focus there is told which it is, but gives up sooner.
  // The page says once which it is: its next run, which opening the field begins, says no more of it, often before the field is there.
  function field(mine) {
    const asked = [...document.querySelectorAll("[data-focus]")].map((one) => `.${CSS.escape(one.dataset.focus)}`);
    if (asked.length) mine.places = asked;
    const found = mine.places.map((one) => document.querySelector(`${one} :is(input, textarea)`)).find((one) => one?.matches(TEXT));
    if (found && found !== document.activeElement) found.focus();
    return found && found === document.activeElement ? found : null;
  }

  function look(mine) {
    if (waits !== mine) return;
    const now = performance.now();
    if (mine.name === "snooze") {
      if (document.querySelector(CHOICES)) mine.since ||= now; // its place comes before what can be chosen in it
      if (mine.since && now - mine.since > HELD && isDrawn()) return choose(mine);
    } else {
      const found = field(mine);
      mine.field = found;
      if (found) {
        mine.since ||= now;
        if (found !== mine.was) carry(mine, found);
        write(found, mine);
      }
      if (mine.since && now - mine.since > HELD && isDrawn()) waits = null;
    }
    if (now > mine.until) waits = null;
    if (waits === mine) window.setTimeout(look, AGAIN, mine);
  }

  // A field that is drawn anew is another one, and empty: what was in the one before it was meant for it.
  function carry(mine, found) {
    const text = mine.was && !mine.was.isConnected ? mine.was.value : "";
    if (text && !found.value) mine.typed.unshift({ text });
    mine.was = found;
  }

  function choose({ typed }) {
    waits = null;
    const digit = typed.find(({ key }) => /^[1-5]$/.test(key ?? ""));
    if (digit) press(document.body, digit);
  }

  function press(node, { key, code, keyCode, ctrlKey, metaKey }) {
    for (const kind of ["keydown", "keypress", "keyup"])
      node.dispatchEvent(new KeyboardEvent(kind, { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true, composed: true }));
  }

  function write(node, mine) {
    const isLine = (one) => one.key === "Enter" && node.tagName === "TEXTAREA" && !one.ctrlKey && !one.metaKey;
    for (let one = mine.typed.shift(); one; one = mine.typed.shift()) {
      if (one.key === "Backspace") document.execCommand("delete");
      else if (one.key === "Enter" && !isLine(one)) {
        waits = null; // it is saved, and what came after that was meant for nothing
        return press(node, one);
      } else document.execCommand("insertText", false, isLine(one) ? "\n" : one.text ?? one.key);
    }
  }

  // Left to the browser: its own keys, and those that are pressed with Ctrl and write nothing.
  function isOfBrowser(event) {
    const withKey = (event.ctrlKey || event.metaKey || event.altKey) && event.key !== "Enter";
    const isText = event.key.length === 1 && (event.getModifierState("AltGraph") || (!event.ctrlKey && !event.metaKey));
    return (withKey && !isText) || /^(F\d+|Control|Shift|Alt|AltGraph|Meta)$/.test(event.key);
  }

  const isInField = (event) => event.target === waits.field && !waits.typed.length;

  // Whether a key closes or leaves the field, or saves what is in it: what is pressed next is for the page again.
  const isLast = (event) =>
    event.key === "Escape" ||
    (event.key === "Tab" && isInField(event)) ||
    (event.key === "Enter" && isInField(event) && (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey));

  // Before all others hear of it.
  window.addEventListener("keydown", (event) => {
    if (!waits || !event.isTrusted) return;
    if (isLast(event)) waits = null;
    if (!waits || isInField(event)) return;
    if (isOfBrowser(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { key, code, keyCode, ctrlKey, metaKey } = event;
    if (!event.repeat && (key.length === 1 || key === "Enter" || key === "Backspace")) waits.typed.push({ key, code, keyCode, ctrlKey, metaKey });
  }, true);

  window.addEventListener("paste", (event) => {
    if (!waits || isInField(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waits.typed.push({ text: event.clipboardData?.getData("text/plain") ?? "" });
  }, true);

  // Whoever presses something else meanwhile does not write any more; a button of the panel opens a field as its key does.
  window.addEventListener("pointerdown", () => { waits = null; }, true);
  window.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest(".st-key-panel-actions button");
    const name = button && ["snooze", "owner", "note"].find((one) => button.closest(`[class*="st-key-panel-${one}-"]`));
    if (name) begin(name);
  }, true);
  document.addEventListener("asks-for-field", (event) => begin(event.detail));
})();
