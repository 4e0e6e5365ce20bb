// Asks for news: keeps the line of freshness young, has the page drawn again where there is something that it does not
// show and no menu is open, and says when the server answers no longer: from then on the page is a picture of the past.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("asksForNews" in page.dataset) return;
  page.dataset.asksForNews = "";

  const PAUSE = 2000; // milliseconds between an answer and the next question
  const LONGEST = 5000; // milliseconds to wait for an answer
  const QUIET = 1000; // milliseconds after somebody did something, until the page may be drawn again
  const ON_THE_WAY = 5000; // the same after a link to a page: to ask for this page once more would take that back
  const WAY_OUT = 120000; // the same after *Log out*, which leads over the provider: to lead to the sign-in would leave its session open

  // A menu, a list of choices or a calendar that somebody has opened. A click anywhere closes it, also one of ours.
  const OPEN_MENU = '[data-testid="stPopoverBody"], [aria-haspopup][aria-expanded="true"]';
  const MENU_FIRST = "Newer data waits for the open menu";

  let heard = Date.now();
  let quietFrom = 0;
  let isPressed = false;
  let leavesUntil = 0;

  const shown = () => document.querySelector("[data-news-of]");
  const span = (seconds) => (seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);

  function gone() {
    const said = `the server has not answered for ${span(Math.round((Date.now() - heard) / 1000))}: this page stands still, and its ages are of then`;
    page.style.setProperty("--server-gone", JSON.stringify(said));
    page.dataset.serverGone = "";
  }

  // Streamlit's own dialog has no mark of its own; look.css puts our words into it before it is seen.
  new MutationObserver(() => {
    for (const title of document.querySelectorAll('[role="dialog"] > h2'))
      if (title.textContent === "Connection error") title.parentElement.dataset.connectionLost = "";
  }).observe(document.body, { childList: true });

  const isMenuOpen = () => document.querySelector(OPEN_MENU) !== null;

  const mayDraw = () =>
    !isPressed && !isMenuOpen() && performance.now() >= quietFrom && document.querySelector('.stApp[data-test-script-state="notRunning"]');

  async function look() {
    const address = shown()?.dataset.newsOf;
    const mark = shown()?.dataset.newsMark;
    const asked = { cache: "no-store", signal: AbortSignal.timeout(LONGEST) };
    const answer = await fetch(address || "/page.js", asked).catch(() => null);
    const news = address && answer?.ok ? await answer.json().catch(() => null) : null;
    if (answer?.status === 401) {
      if (performance.now() >= leavesUntil) window.location.reload(); // the session has ended: the server leads to the sign-in
      return;
    }
    if (!answer?.ok) return gone();
    heard = Date.now();
    delete page.dataset.serverGone;
    const isOfThis = address && shown()?.dataset.newsOf === address && shown().dataset.newsMark === mark;
    if (!news || !isOfThis) return; // drawn anew, or another page, since it was asked
    const line = document.querySelector("[data-freshness]");
    const words = news.mark !== mark && isMenuOpen() ? MENU_FIRST : news.line; // not as young as what it would be shown with
    if (line && words && line.textContent !== words) line.textContent = words;
    if (news.mark !== mark && mayDraw()) document.querySelector(".st-key-show-news button")?.click();
  }

  async function ask() {
    try {
      await look();
    } finally {
      window.setTimeout(ask, PAUSE); // whatever became of this one
    }
  }

  const acted = (pause) => { quietFrom = Math.max(quietFrom, performance.now() + pause); };
  document.addEventListener("pointerdown", () => { isPressed = true; }, true);
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => { isPressed = false; acted(QUIET); }, true);
  document.addEventListener("keydown", () => acted(QUIET), true);
  window.addEventListener("popstate", () => acted(ON_THE_WAY));
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(".st-key-log-out")) leavesUntil = performance.now() + WAY_OUT;
    acted(event.target instanceof Element && event.target.closest(".stPageLink a") ? ON_THE_WAY : QUIET);
  }, true);

  window.setTimeout(ask, PAUSE);
})();
