// Moves the keyboard's focus into a field that somebody has just opened, once it is on the page.
(() => {
  "use strict";
  const page = document.documentElement;
  const span = document.querySelector("[data-focus]");
  if (!span || page.dataset.focusTurn === span.dataset.turn) return; // drawn again: the focus may be elsewhere by now
  page.dataset.focusTurn = span.dataset.turn;

  const PATIENCE = 3000, AGAIN = 40; // milliseconds
  const until = Date.now() + PATIENCE;
  const look = () => {
    const field = document.querySelector(`.${CSS.escape(span.dataset.focus)} :is(input, textarea)`);
    if (field) field.focus();
    else if (Date.now() < until) setTimeout(look, AGAIN);
  };
  look();
})();
