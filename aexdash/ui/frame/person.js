// Keeps the name that somebody gave on this page, in a cookie of this server. The server is told by it when a page is opened.
(() => {
  "use strict";
  const page = document.documentElement;
  const span = document.querySelector("[data-person]");
  if (!span || page.dataset.nameTurn === span.dataset.turn) return; // drawn again: another tab may know better
  page.dataset.nameTurn = span.dataset.turn;

  const LONG = 400 * 24 * 60 * 60; // seconds, the longest that browsers allow
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `aexdash-person=${span.dataset.person}; Max-Age=${LONG}; Path=/; SameSite=Lax${secure}`;
})();
