// The list of the worklist: rows with a cursor, ticks and acts.
//
// Streamlit calls the default export again with every change of the data. Nodes are kept by listing, so scroll, focus
// and ticks stay.

import { Choices } from "./choices.js";
import { fillColumns } from "./columns.js";
import { copy, make } from "./dom.js";
import { Overlay, askForField, asked, askedOfButton, isPanelOpen } from "./keys.js";
import { Outbox } from "./outbox.js";
import { Row, unpacked } from "./row.js";

const LISTS = new WeakMap();
const UNDER_WAY = { take: "taking …", fix: "marking fixed …", snooze: "snoozing …", back: "setting back …" };
const TYPED = ["owner", "note"];
const OPENING = ["open", ...TYPED];
const IN_FIELD = ["snooze", ...TYPED]; // in the panel
const PAGE_STEP = 10;
const HOVER_MS = 350;
const PATIENCE_MS = 3000;
const FORMULA = /^[=+\-@\t\r]/;

export default function list({ data: [data, rows], parentElement, setStateValue, setTriggerValue }) {
  if (!LISTS.has(parentElement)) LISTS.set(parentElement, new List(parentElement));
  const here = LISTS.get(parentElement);
  here.tell = { setStateValue, setTriggerValue };
  here.show({ ...data, ...JSON.parse(rows) });
  // Streamlit also calls this for a call that a newer one has overtaken, while the list is still on the page.
  return () => window.setTimeout(() => parentElement.isConnected || here.leave());
}

class List {
  constructor(root) {
    this.root = root;
    this.rows = new Map();
    this.order = [];
    this.ticked = new Set();
    this.cursor = "";
    this.under = new Map(); // listing -> {number, words, waits, at} of an act that is not done yet
    // What a person did in the list is counted: an answer moves the cursor only where nothing was done since it was
    // asked for. `pressed` is the count when something outside the list was pressed last, `opening` when what was opened.
    this.moves = 0;
    this.pressed = 0;
    this.opening = { id: "", at: 0 };
    this.outbox = new Outbox((message) => this.tell.setTriggerValue("acts", message), () => this.root.isConnected);
    this.build();
    this.listen();
  }

  // ------------------------------------------------------------------ what is on the page

  build() {
    this.said = make("span", { class: "said", role: "status" });
    this.hint = make("span", { class: "hint", "aria-hidden": "true" },
      ...Object.entries({ "J K": "move", O: "open", X: "tick", F: "fixed" }).map(([keys, word]) =>
        make("span", {}, ...keys.split(" ").flatMap((key) => [make("kbd", { text: key }), " "]), word)));
    this.choices = new Choices((more) => { this.snoozes(false); this.decide("snooze", more); });
    this.news = make("button", { type: "button", class: "news", hidden: "" });
    this.help = make("button", { type: "button", class: "help", "aria-label": "Show the keys of the worklist" },
      make("kbd", { text: "?" }), " keys");
    this.all = make("input", { type: "checkbox", "aria-label": "Tick all of this page" });
    this.head = make("tr", { role: "row", "aria-rowindex": 1 });
    this.body = make("tbody", { role: "rowgroup" });
    this.table = make("table", { role: "grid", "aria-label": "Listings of this view", "aria-multiselectable": "true" },
      make("thead", { role: "rowgroup" }, this.head), this.body);
    this.scroll = make("div", { class: "scroll" }, this.table);
    this.list = make("div", { class: "list" }, make("div", { class: "line" }, this.said, this.hint, this.choices.node, this.news, this.help), this.scroll);
    this.root.append(this.list);
    this.overlay = new Overlay(this.root);
  }

  listen() {
    this.onKey = (event) => this.key(event);
    this.onSize = () => this.fit();
    this.onClick = (event) => {
      const isOfNews = event.target.closest?.(".st-key-show-news"); // pressed by a script (aexdash/ui/frame/news.js)
      if (!isOfNews && !event.composedPath().includes(this.list)) this.pressed = this.moves;
    };
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("click", this.onClick, true);
    window.addEventListener("resize", this.onSize);
    this.news.addEventListener("click", () => this.send("show", []));
    this.help.addEventListener("click", () => this.overlay.toggle(this.data));
    this.all.addEventListener("change", () => this.tickAll(this.all.checked));
    this.body.addEventListener("click", (event) => this.click(event));
    this.body.addEventListener("focusin", (event) => this.focused(event.target));
    this.body.addEventListener("focusout", (event) => event.target.closest("tr")?.row.fold());
    this.body.addEventListener("pointerover", (event) => this.hover(event.target.closest("td, th")));
    this.body.addEventListener("pointerleave", () => this.hover(null));
  }

  leave() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("click", this.onClick, true);
    window.removeEventListener("resize", this.onSize);
    this.outbox.stop();
    LISTS.delete(this.root);
  }

  // ------------------------------------------------------------------ what the server says

  show(data) {
    const before = this.data;
    this.data = data;
    const settled = this.settle(data.done[this.outbox.name] ?? 0);
    if (before && data.ticks[0] > before.ticks[0]) this.setTicks(data.ticks[1]);
    if (JSON.stringify(before?.columns) !== JSON.stringify(data.columns)) {
      fillColumns(this.head, data.columns, this.all);
    }
    const at = this.order.indexOf(this.cursor);
    const focus = this.root.activeElement;
    this.place(data.rows.map((row) => unpacked(row, data)));
    this.choose(before, at);
    const isLed = before && data.led[0] > before.led[0] && this.moves === this.pressed;
    if (isLed) this.lead(data.led[1]);
    this.draw();
    if (!before) this.fit();
    if (focus && !focus.isConnected) this.current()?.node.focus({ preventScroll: true });
    this.answered(settled);
    if (this.root.activeElement?.row) this.root.activeElement.row.refold();
    if (before?.opened && !data.opened) this.takeFocusBack(Date.now() + PATIENCE_MS);
    this.ask(before, new Map(settled));
    if (isLed && !data.opened && !isPanelOpen()) this.current()?.node.focus({ preventScroll: true });
  }

  // A panel that closes leaves the focus nowhere; it comes back to the listing once the panel is gone.
  takeFocusBack(until) {
    if (Date.now() > until || this.data.opened || !this.root.isConnected) return;
    if (isPanelOpen()) window.setTimeout(() => this.takeFocusBack(until), 50);
    else if ([document.body, this.root.host, null].includes(document.activeElement)) this.current()?.node.focus({ preventScroll: true });
  }

  // Forget the acts that are done; return the listings they were about.
  settle(done) {
    this.outbox.settle(done);
    const settled = [...this.under].filter(([, act]) => act.number <= done);
    for (const [id] of settled) this.under.delete(id);
    return settled;
  }

  // The cursor, which has waited for the answer, goes on where it was done.
  answered(settled) {
    const waited = settled.find(([id, act]) => act.waits && act.at === this.moves && id === this.cursor && !this.data.refused[id]);
    if (waited) this.step(1);
  }

  // What is asked about a listing is asked at its row; the focus goes there, and an answer is one key away. Whoever has
  // gone on meanwhile stays where she is, and is told.
  ask(before, settled) {
    const asked = this.order.find((id) => this.data.answers[id] && !before?.answers[id]);
    if (!asked || this.data.opened) return;
    if (settled.has(asked) && settled.get(asked).at !== this.moves) {
      this.say(`asked at ${this.rows.get(asked).told.pid}`);
      return;
    }
    this.to(this.order.indexOf(asked), { focus: false });
    const { question } = this.current();
    question.yes.focus({ preventScroll: true });
    question.node.scrollIntoView({ block: "nearest" }); // now, for with the focus the row has unfolded
  }

  reply(row, answer) {
    const number = this.send(answer, [row]);
    if (answer === "yes") this.under.set(row.told.id, { number, waits: true, at: this.moves, words: "doing it all the same …" });
    row.node.focus({ preventScroll: true });
    this.draw();
  }

  place(told) {
    this.order = told.map((one) => one.id);
    const now = new Set(this.order);
    for (const [id, row] of this.rows) if (!now.has(id)) { row.node.remove(); this.rows.delete(id); }
    told.forEach((one, number) => {
      if (!this.rows.has(one.id)) this.rows.set(one.id, new Row());
      const row = this.rows.get(one.id);
      row.fill(one, this.data.columns, number);
      if (this.body.children[number] !== row.node) this.body.insertBefore(row.node, this.body.children[number] ?? null);
    });
    this.table.setAttribute("aria-rowcount", Math.max(this.data.total, told.length) + 1);
  }

  // The cursor stays with its listing; it follows the panel, and goes to the next one where its listing has left.
  choose(before, at) {
    const { opened } = this.data;
    const isOvertaken = opened === this.opening.id && this.opening.at !== this.moves;
    if (opened && opened !== before?.opened && this.rows.has(opened) && !isOvertaken) {
      this.cursor = opened;
      this.rows.get(opened).node.scrollIntoView({ block: "nearest" });
    }
    if (!this.rows.has(this.cursor)) this.cursor = this.order[Math.min(Math.max(at, 0), this.order.length - 1)] ?? "";
  }

  // To the first of these listings, or of all, wherever on the page something was pressed for it.
  lead(ids) {
    this.cursor = this.order.find((id) => !ids.length || ids.includes(id)) ?? this.cursor;
    if (!ids.length) this.main()?.scrollTo({ top: 0 });
    this.current()?.node.scrollIntoView({ block: "nearest" });
  }

  draw() {
    const { refused, answers, entered, left, everything, total } = this.data;
    for (const [id, row] of this.rows) {
      row.mark({
        ticked: this.ticked.has(id),
        current: id === this.cursor,
        under: this.under.get(id)?.words ?? "",
        refused: refused[id] ?? "",
        answers: answers[id],
      });
    }
    const count = this.tickedRows().length;
    this.all.checked = count > 0 && count === this.order.length;
    this.all.indeterminate = count > 0 && !this.all.checked;
    const news = [entered && `${entered.toLocaleString("en")} new`, left && `${left.toLocaleString("en")} left`].filter(Boolean);
    this.news.textContent = `${news.join(", ")} · show`;
    this.news.hidden = !news.length;
    const meant = count === 1 ? "1 ticked: keys act on it" : `${count} ticked: keys act on them`;
    const busy = [...this.under.values()];
    const doing = busy.length > 1 ? busy[0].words.replace("…", `${busy.length} listings …`) : "";
    if (!this.spoken) this.write(everything ? `all ${total.toLocaleString("en")} that match are ticked` : count ? meant : doing);
  }

  // As high as the window leaves room for, so that rows and acts are in sight together.
  fit() {
    const top = this.scroll.getBoundingClientRect().top + (this.main()?.scrollTop ?? 0);
    this.list.style.setProperty("--room", `${Math.max(window.innerHeight - top - 12, 320)}px`);
  }

  // What of the page scrolls.
  main() {
    return this.root.host?.closest("[data-testid=stMain]");
  }

  // ------------------------------------------------------------------ what it says to people and to the server

  write(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  say(words) {
    this.spoken = true;
    this.write(words);
  }

  send(what, rows, more = "") {
    if (OPENING.includes(what) && rows.length === 1) this.opening = { id: rows[0].told.id, at: this.moves };
    if (TYPED.includes(what)) askForField(what);
    return this.outbox.put(what, rows, more);
  }

  decide(what, more = "") {
    const rows = this.targets();
    if (!rows.length) return;
    if (this.data.locked) {
      this.say(this.data.locked);
      return;
    }
    if (this.ticked.size) this.untick();
    const number = this.send(what, rows, more);
    // What was measured still stands, or it is somebody else's, so the server may ask first: the cursor waits for that.
    const waits = rows.length === 1 && rows[0].told.asks.includes(what);
    for (const row of rows) this.under.set(row.told.id, { number, waits, at: this.moves, words: UNDER_WAY[what] });
    if (!waits && rows.some((row) => row.told.id === this.cursor)) this.step(1) || this.step(-1);
    this.draw();
  }

  // ------------------------------------------------------------------ the cursor and the ticks

  current() {
    return this.rows.get(this.cursor);
  }

  tickedRows() {
    return this.order.filter((id) => this.ticked.has(id)).map((id) => this.rows.get(id));
  }

  // The ticked listings, with none ticked the current one; not those that an act is under way for.
  targets() {
    const rows = this.ticked.size && this.tickedRows().length ? this.tickedRows() : [this.current()];
    return rows.filter((row) => row && !this.under.has(row.told.id));
  }

  to(index, { focus = true } = {}) {
    const id = this.order[index];
    if (id === undefined) return false;
    this.cursor = id;
    this.spoken = false;
    this.draw();
    const { node } = this.rows.get(id);
    if (focus) node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
    return true;
  }

  step(by) {
    let index = this.order.indexOf(this.cursor) + by;
    while (this.under.has(this.order[index])) index += by;
    return this.to(index);
  }

  tick(ids, on) {
    for (const id of ids) on ? this.ticked.add(id) : this.ticked.delete(id);
    this.spoken = false;
    this.draw();
    this.tell.setStateValue("ticked", [...this.ticked]);
    if (this.data.everything && !on) this.send("none", []);
  }

  // The bar is drawn of what the server is told, so it is told also of what it has set itself.
  setTicks(ids) {
    this.ticked = new Set(ids);
    this.tell.setStateValue("ticked", ids);
  }

  // An act uses the ticks up: the next one is meant for what is current then.
  untick() {
    this.setTicks([]);
  }

  tickAll(on) {
    this.tick(this.order, on);
  }

  // All of the page; then all that match, where there are more; then none.
  more() {
    const isFull = this.order.every((id) => this.ticked.has(id));
    if (!isFull) this.tickAll(true);
    else if (this.data.total > this.order.length && !this.data.everything) this.send("all", []);
    else this.tickAll(false);
  }

  // ------------------------------------------------------------------ pointer and focus

  click(event) {
    const { row } = event.target.closest("tr");
    const { id } = row.told;
    this.moves += 1;
    this.cursor = id;
    const reply = row.question.answerOf(event.target);
    if (reply) this.reply(row, reply);
    else if (event.target === row.tick) this.clickTick(id, row.tick.checked, event.shiftKey);
    else if (event.target.closest("button.open, .title, img")) this.send("open", [row]);
    else if (!event.target.closest("a, label")) row.node.focus({ preventScroll: true });
    this.draw();
  }

  clickTick(id, on, isRange) {
    const [from, to] = [this.order.indexOf(this.lastTick), this.order.indexOf(id)].sort((a, b) => a - b);
    this.tick(isRange && from >= 0 ? this.order.slice(from, to + 1) : [id], on);
    this.lastTick = id;
  }

  // A row that has the focus shows its whole texts; not one whose box was only ticked by hand: it would lie over the next.
  focused(target) {
    const { row } = target.closest("tr");
    if (this.cursor !== row.told.id) {
      this.moves += 1;
      this.cursor = row.told.id;
      this.draw();
    }
    if (target === row.node || target.matches(":focus-visible")) row.unfold();
  }

  hover(cell) {
    if (cell === this.hovered) return;
    window.clearTimeout(this.hovering);
    this.hovered?.closest("tr")?.row.foldCells();
    this.hovered = cell;
    if (cell) this.hovering = window.setTimeout(() => cell.closest("tr")?.row.unfoldCell(cell), HOVER_MS);
  }

  // ------------------------------------------------------------------ keys

  key(event) {
    if (!this.root.isConnected) return;
    const target = event.composedPath()[0];
    const isInside = this.body.contains(target);
    this.moves += 1;
    const did = this.answer(event, target, isInside);
    if (did === false) {
      this.moves -= 1;
      const button = askedOfButton(event, this.data.keys);
      if (button) this.pressed = this.moves;
      if (IN_FIELD.includes(button)) askForField(button);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Answer a key; false where it is not for the list.
  answer(event, target, isInside) {
    if (event.key === "Escape" && this.overlay.isOpen) return this.overlay.close();
    if (event.key === "Escape" && this.choices.isOpen) return this.snoozes(false);
    if (event.key === "Escape" && isInside && target.closest("tr")?.row.question.isOpen) return this.reply(target.closest("tr").row, "no");
    if (this.choices.choose(event.key)) return true;
    const name = asked(event, this.data.keys);
    if (name && this.choices.isOpen) this.snoozes(false);
    if (!name) return isInside && !isPanelOpen() ? this.moved(event, target) : false;
    if (!this.data.singleKeys && !isInside && !isPanelOpen()) return false;
    if (event.repeat && name !== "next" && name !== "previous") return true;
    const isFree = target === document.body || (isInside && target.getAttribute("role") === "row");
    if (event.key === "Enter" && !isFree) return false; // it belongs to the control that has the focus
    return this.done(name);
  }

  done(name) {
    const row = this.current();
    this.spoken = false;
    if (name === "next") return void this.step(1);
    if (name === "previous") return void this.step(-1);
    if (name === "open" && row) return void this.send("open", [row]);
    if (name === "tick" && row) return void this.tick([row.told.id], !this.ticked.has(row.told.id));
    if (name === "all") return void this.more();
    if (name === "snooze") return void this.snoozes(!this.data.locked) ?? (this.data.locked && this.say(this.data.locked));
    if (name in UNDER_WAY) return void this.decide(name);
    if (TYPED.includes(name)) return void this.type(name, row);
    if (name === "seller_center" && row) return void this.sellerCenter(row);
    if (name === "copy" || name === "copy_with_titles") return void this.copy(name !== "copy");
    if (name === "search") return void document.querySelector(`.st-key-${CSS.escape(this.data.search)} input`)?.focus();
    if (name === "help") return void this.overlay.toggle(this.data);
    return false;
  }

  // The keys of any grid, beside those of the table.
  moved(event, target) {
    const index = this.order.indexOf(this.cursor);
    const last = this.order.length - 1;
    const to = {
      ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last,
      PageDown: Math.min(index + PAGE_STEP, last), PageUp: Math.max(index - PAGE_STEP, 0),
    }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (to !== undefined) return void this.to(to);
    if (event.key === " " && target.getAttribute("role") === "row") return void this.tick([this.cursor], !this.ticked.has(this.cursor));
    if (event.key === "Escape" && this.ticked.size) return void this.tick([...this.ticked], false);
    return false;
  }

  // A name or a text is typed in the panel of the current listing; for the ticked ones in the bar over the list.
  type(name, row) {
    const ticked = this.tickedRows();
    if (this.data.locked) this.say(this.data.locked);
    else if (ticked.length) this.send(name, ticked, "ticked");
    else if (row) this.send(name, [row]);
  }

  sellerCenter(row) {
    if (/^https?:\/\//.test(row.told.edit)) window.open(row.told.edit, "_blank", "noopener,noreferrer");
    else this.say("This store has no address of Seller Center.");
  }

  async copy(withTitles) {
    const opened = isPanelOpen() && this.rows.get(this.data.opened);
    const rows = opened ? [opened] : this.targets();
    const line = ({ told }) => [told.pid, FORMULA.test(told.title) ? `'${told.title}` : told.title, told.edit].filter(Boolean).join(" · ");
    const done = rows.length && await copy(rows.map((row) => (withTitles ? line(row) : row.told.pid)).join("\n"));
    this.say(done ? `copied ${rows.length === 1 ? rows[0].told.pid : `${rows.length} product ids`}` : "The browser did not let it be copied.");
  }

  snoozes(on) {
    const count = this.targets().length;
    const isOn = on && count > 0;
    this.said.hidden = this.hint.hidden = isOn;
    if (isOn) this.choices.open(this.data.snoozes, count);
    else this.choices.close();
  }
}
