// Gives controls the names that a page tells in data-names, and says what else Streamlit leaves unsaid to those who hear a page.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("givesNames" in page.dataset) return;
  page.dataset.givesNames = "";

  const LONG = 80; // characters of a name that is taken from a text
  const CONTROL = "button, a, input";

  function set(node, attribute, words) {
    if (node && node.getAttribute(attribute) !== words) node.setAttribute(attribute, words);
  }

  function told() {
    for (const span of document.querySelectorAll("[data-names]")) {
      for (const [place, words] of Object.entries(JSON.parse(span.dataset.names))) {
        const where = document.querySelector(`.${place}`);
        if (!where) continue;
        if (typeof words === "string") set(where.querySelector(CONTROL), "aria-label", words);
        else where.querySelectorAll(".stPageLink").forEach((link, index) => {
          if (words[index]) link.querySelectorAll("a").forEach((one) => set(one, "aria-label", words[index]));
        });
      }
    }
  }

  // A help sign knows what it explains: the heading, or the words in bold, or the text it stands in.
  function helps() {
    for (const button of document.querySelectorAll('button[aria-label="Help"], button[data-helps]')) {
      const block = button.closest('[data-testid="stMarkdownContainer"]');
      const about = block?.querySelector("h1, h2, h3, h4, strong") ?? block;
      const words = (about?.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, LONG);
      if (!words) continue;
      button.dataset.helps = "";
      set(button, "aria-label", `Help on ${words}`);
    }
  }

  // The front page has an empty address, which a browser takes for the page that is shown: so a link to it would be
  // copied, or opened in a new tab, as one to this page.
  function links() {
    for (const link of document.querySelectorAll(".stPageLink a")) {
      const address = link.getAttribute("href") ?? "";
      if (address === "" || address.startsWith("?")) set(link, "href", `./${address}`);
    }
  }

  function pages() {
    const bar = document.querySelector(".st-key-pages");
    if (!bar) return;
    set(bar, "role", "navigation");
    set(bar, "aria-label", "Pages");
    for (const link of bar.querySelectorAll("a")) {
      const isShown = new URL(link.href).pathname === location.pathname;
      if (isShown && !link.hasAttribute("aria-current")) link.scrollIntoView({ block: "nearest", inline: "center" });
      if (isShown) set(link, "aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function widgets() {
    for (const field of document.querySelectorAll('[data-testid="stDateTimeInput"]')) {
      const label = field.querySelector('[data-testid="stWidgetLabel"]')?.textContent.trim();
      if (label) set(field.querySelector('button[aria-label^="Choose"]'), "aria-label", `Choose date and time: ${label}`);
    }
  }

  // What can only be seen by moving it sideways can be reached without a mouse.
  function wide() {
    for (const text of document.querySelectorAll(".stCode pre")) set(text, "tabindex", "0");
    const bar = document.querySelector(".st-key-action-bar"); // on a telephone; while nothing is ticked all in it is off
    if (!bar) return;
    set(bar, "role", "group");
    set(bar, "aria-label", "What can be decided");
    if (bar.scrollWidth > bar.clientWidth) set(bar, "tabindex", "0");
    else bar.removeAttribute("tabindex");
  }

  function disabled() {
    for (const link of document.querySelectorAll("a[disabled]")) set(link, "aria-disabled", "true");
    for (const link of document.querySelectorAll("a[aria-disabled]:not([disabled])")) link.removeAttribute("aria-disabled");
  }

  // At once, not with the next frame: a press that meets a redraw finds its control again by its name.
  // What is set here is not looked at again: while a page is drawn anew the names of before may stand on it beside
  // those of now, and two that contradict each other would be given in turn, without end and without a drawing between.
  function look() {
    [told, helps, links, pages, widgets, wide, disabled].forEach((give) => give());
    observer.takeRecords();
  }

  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label", "data-names", "disabled", "href"] };
  const observer = new MutationObserver(look);
  observer.observe(document.body, watched);
  look();
})();
