// The key / leads to the box for questions, from anywhere on a page that has it but a field somebody is writing in.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("leadsToQuestions" in page.dataset) return;
  page.dataset.leadsToQuestions = "";

  const isWriting = (target) =>
    target instanceof Element && target.closest("input, textarea, select, [contenteditable=true], [role=combobox]");

  document.addEventListener("keydown", (event) => {
    const isPlain = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const box = document.querySelector(".st-key-ask-box input");
    if (!isPlain || !box || isWriting(event.target)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
