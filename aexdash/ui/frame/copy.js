// Copies what stands beside a button (scripts.py: to_copy), and says on it that it is copied, for a moment.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("copies" in page.dataset) return;
  page.dataset.copies = "";

  const SAID_FOR = 2000; // milliseconds

  document.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("button[data-copy]") : null;
    if (!button) return;
    const text = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch { // not allowed, or not over HTTPS: then it is chosen, and Ctrl+C copies it
      return void window.getSelection().selectAllChildren(text);
    }
    button.textContent = "Copied";
    window.setTimeout(() => { button.textContent = "Copy"; }, SAID_FOR);
  });
})();
