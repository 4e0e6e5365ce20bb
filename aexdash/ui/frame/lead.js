// Follows the link that the server draws where it decides that the next page is another one, as a click would.
(() => {
  "use strict";
  const page = document.documentElement;
  if ("leadsOn" in page.dataset) return;
  page.dataset.leadsOn = "";

  const LINK = ".st-key-leads-on a[href]";
  const followed = new WeakMap(); // link -> the address that it led to

  function follow() {
    const link = document.querySelector(LINK);
    if (!link || followed.get(link) === link.href) return;
    followed.set(link, link.href);
    link.click();
  }

  new MutationObserver(follow).observe(document.body, { childList: true, subtree: true, attributeFilter: ["href"] });
  follow();
})();
