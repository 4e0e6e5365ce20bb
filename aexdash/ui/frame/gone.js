// Says when the server answers no longer: from then on the page is a picture of the past, and its ages stand still.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("asksForServer" in page.dataset) return;
  page.dataset.asksForServer = "";

  const PAUSE = 5000; // milliseconds between two questions, and the most to wait for an answer
  let heard = Date.now();

  const words = (seconds) => (seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);

  async function look() {
    const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PAUSE) };
    const answered = await fetch("/gone.js", asked).then(() => true, () => false);
    if (answered) {
      heard = Date.now();
      delete page.dataset.serverGone;
      return;
    }
    const said = `the server has not answered for ${words(Math.round((Date.now() - heard) / 1000))}: this page stands still`;
    page.style.setProperty("--server-gone", JSON.stringify(said));
    page.dataset.serverGone = "";
  }

  setInterval(look, PAUSE);
})();
