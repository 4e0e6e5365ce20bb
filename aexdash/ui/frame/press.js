// Lets a press outlast the drawing of a page. Between pressing and letting go, a refresh may move or replace what lies
// under the pointer; the browser then clicks on nothing, or on what has come in its place. And leaves to the browser a
// click on a link with a key held, as in every other page.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("keepsPresses" in page.dataset) return;
  page.dataset.keepsPresses = "";

  const CONTROLS = "a[href], button, summary, [role=radio], [role=tab], [role=button]";
  const BACK_WITHIN = 3000; // milliseconds that a drawing may leave what was pressed out
  const STILL = 6; // CSS pixels that a hand may tremble; further is a drag, which browsers do not click for either

  // Links to pages. Streamlit follows them in this tab whatever keys are held.
  const PAGE_LINK = ".stPageLink a[href]";

  // A click by which a browser opens a link elsewhere: in a new tab or window, or as a download.
  const isElsewhere = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;

  let pressed = null;

  const control = (target) => (target instanceof Element ? target.closest(CONTROLS) : null);

  // What a control is to who reads it: its place, its kind, where it leads or what it says.
  function meaning(node) {
    const place = node.closest("[class*='st-key-']");
    const key = place ? [...place.classList].find((name) => name.startsWith("st-key-")) : "";
    const says = node.getAttribute("href") ?? node.getAttribute("aria-label") ?? node.textContent;
    return [key, node.tagName, node.getAttribute("role"), says].join("|");
  }

  const withoutCounts = (words) => words.replace(/[\d.,]+/g, "");

  const isThere = ({ node, meaning: was }) => node.isConnected && withoutCounts(meaning(node)) === withoutCounts(was);

  // The one control that says the same, or does but for its counts; none where two might be meant. Streamlit draws
  // every link to a page twice, and hides one of them.
  function standsNow(was) {
    if (isThere(was)) return was.node;
    const all = [...document.querySelectorAll(CONTROLS)].filter((node) => node.checkVisibility());
    const same = all.filter((node) => meaning(node) === was.meaning);
    const alike = all.filter((node) => withoutCounts(meaning(node)) === withoutCounts(was.meaning));
    return [same, alike].find((found) => found.length === 1)?.[0];
  }

  // After the browser has clicked, or has not: a click of ours where the press was meant to go. In the middle of a
  // drawing it may stand nowhere for a moment; it is then clicked when it is back, unless something else is pressed.
  function letGo() {
    const was = pressed;
    const until = performance.now() + BACK_WITHIN;
    const look = () => {
      if (!was || pressed !== was) return;
      const found = standsNow(was);
      if (!found && performance.now() < until) return void window.requestAnimationFrame(look);
      pressed = null;
      found?.click();
    };
    window.setTimeout(look);
  }

  document.addEventListener("pointerdown", (event) => {
    const node = event.isPrimary && event.button === 0 && !isElsewhere(event) ? control(event.target) : null;
    pressed = node && { node, meaning: meaning(node), x: event.clientX, y: event.clientY };
  }, true);

  document.addEventListener("pointercancel", () => { pressed = null; }, true);

  document.addEventListener("mouseup", (event) => {
    if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STILL) letGo();
    else pressed = null;
  }, true);

  // Before all others hear of it, and without preventing what the browser does with it.
  window.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(PAGE_LINK);
    if (link && !link.hasAttribute("disabled") && isElsewhere(event)) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("click", (event) => {
    const byPointer = event.isTrusted && event.detail > 0;
    if (!pressed) return;
    if (control(event.target) === pressed.node && isThere(pressed)) {
      pressed = null;
    } else if (byPointer) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
