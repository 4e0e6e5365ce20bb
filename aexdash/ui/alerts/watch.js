// Tells of alerts outside the page, where whoever sits at this browser allowed it. Only our own port is asked.
(() => {
  "use strict";
  if (window.aexdashAlerts) {
    window.aexdashAlerts.show();
    return;
  }

  const SWITCHED_ON = "aexdash-notify";
  const TOLD = "aexdash-told";
  const PAUSE = 15000;
  const offered = "Notification" in window && window.isSecureContext;

  const isOn = () => offered && Notification.permission === "granted" && localStorage.getItem(SWITCHED_ON) === "on";

  function words() {
    if (!offered) return "This browser offers no notifications at this address; it does on localhost and over https.";
    if (Notification.permission === "denied") return "The browser refuses them for this address; its settings say so.";
    return isOn() ? "On in this browser, while a page of aexdash is open." : "Off in this browser.";
  }

  function show() {
    for (const said of document.querySelectorAll("[data-notify-said]")) said.textContent = words();
    for (const button of document.querySelectorAll("[data-notify-switch]")) {
      button.disabled = !offered || Notification.permission === "denied";
      button.textContent = isOn() ? "Turn off" : "Turn on";
    }
  }

  async function turn() {
    if (isOn()) {
      localStorage.removeItem(SWITCHED_ON);
    } else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(SWITCHED_ON, "on");
      localStorage.removeItem(TOLD);
      await look();
    }
    show();
  }

  function tell(alert) {
    const notification = new Notification(`${alert.severity}: ${alert.title}`, { body: alert.said, tag: alert.trace });
    notification.onclick = () => {
      window.focus();
      window.location.assign(alert.link);
    };
  }

  const newest = (alert) => `${alert.trace} ${alert.at}`;

  async function look() {
    if (!isOn()) return;
    const answer = await fetch("/alerts.json", { cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const { open } = await answer.json();
    const before = localStorage.getItem(TOLD);
    localStorage.setItem(TOLD, JSON.stringify(open.map(newest)));
    if (before !== null) open.filter((alert) => !before.includes(newest(alert))).forEach(tell);
  }

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-notify-switch]")) turn();
  });
  window.setInterval(look, PAUSE);
  window.aexdashAlerts = { show, look };
  show();
  look();
})();
