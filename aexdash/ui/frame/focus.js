// Moves the keyboard's focus into a field, or to a button, that somebody has just opened, once it is on the page.
(() => {
  "use strict";
  const page = document.documentElement;
  const span = document.querySelector("[data-focus]");
  if (!span || page.dataset.focusTurn === span.dataset.turn) return; // drawn again: the focus may be elsewhere by now
  page.dataset.focusTurn = span.dataset.turn;

  // What opens may be drawn late, and once more while it opens: the field has to keep the focus for a moment.
  const PATIENCE = 5000, AGAIN = 40, HELD = 12; // milliseconds, milliseconds, times
  const { focus, turn } = span.dataset;
  const until = Date.now() + PATIENCE;
  const end = new AbortController();
  let held = 0;
  const look = () => {
    const isOver = held >= HELD || Date.now() >= until || page.dataset.focusTurn !== turn;
    if (isOver) end.abort();
    if (end.signal.aborted) return;
    const inside = (what) => document.querySelector(`.${CSS.escape(focus)} ${what}`);
    const field = inside(":is(input, textarea)") ?? inside("button");
    held = field && document.activeElement === field ? held + 1 : 0;
    field?.focus();
    setTimeout(look, AGAIN);
  };

  // Somebody goes elsewhere: nothing brings the focus back.
  const onLeave = { capture: true, signal: end.signal };
  document.addEventListener("keydown", ({ key }) => { if (key === "Tab") end.abort(); }, onLeave);
  document.addEventListener("pointerdown", () => end.abort(), onLeave);
  look();
})();
