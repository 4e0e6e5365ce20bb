// One row of the list: its cells, filled from what the server says of a listing.

import { make, pinned, webLink } from "./dom.js";
import { Question } from "./question.js";

const CHIPS_SHOWN = 2; // of a cell: as many as its two lines hold
const CHIPS_IN_LINE = 1; // where it has a line more below: in one line

// The first chips, and how many more there are; the rest is shown with the whole of the row.
function chips(cell, labels, tone = "", most = CHIPS_SHOWN) {
  const shown = labels.length > most ? labels.slice(0, Math.max(most - 1, 1)) : labels;
  const rest = labels.slice(shown.length);
  if (rest.length) cell.classList.add("more");
  return [
    ...shown.map((label) => chip(label, tone)),
    rest.length && make("span", { class: "chip count", text: `+ ${rest.length}` }),
    ...rest.map((label) => chip(label, `${tone} rest`)),
  ];
}

// A row as it is sent, with the texts in it that are sent once for all rows, and the links of its store.
export function unpacked(told, { texts, stores }) {
  const text = (place) => texts[place];
  const [, store, pid] = /^(.*)\/(\d+)$/.exec(told.id);
  const { title = store, edit = "", public: shop = "" } = stores[store] ?? {};
  return {
    ...told,
    pid,
    store: title,
    edit: edit.replace("{product_id}", pid),
    public: shop.replace("{product_id}", pid),
    ...Object.fromEntries(["who", "do", "stage", "held", "status"].map((name) => [name, text(told[name])])),
    ...Object.fromEntries(["why", "marks", "resubmit", "source"].map((name) => [name, told[name].map(text)])),
    more: Object.fromEntries(Object.entries(told.more).map(([name, place]) => [name, text(place)])),
  };
}

const chip = (text, tone = "") => make("span", { class: `chip ${tone}`, text });

function clip(text, kind = "") {
  return make("div", { class: `clip ${kind}`, text });
}

const FILL = {
  why: (cell, row) => {
    cell.append(make("div", { class: "clip chips" }, ...chips(cell, row.why, "", row.sourceTone ? CHIPS_IN_LINE : CHIPS_SHOWN)), make("div", { class: "small one", text: row.who }));
    if (row.sourceTone) cell.append(make("div", { class: `small one source ${row.sourceTone}`, text: `⇄ ${row.source.join(" · ")}` }));
  },
  do: (cell, row) => {
    cell.append(clip(row.do));
    if (row.note) cell.append(make("div", { class: "small one note", text: row.note }));
  },
  stage: (cell, row) => {
    const owner = make("div", { class: row.owner ? "one" : "one nobody", text: row.owner || "nobody" });
    cell.append(owner);
    if (row.marks.length > 1) owner.append(make("span", { class: "small", text: ` · ${row.stage}` }));
    else cell.append(clip(row.stage, `small ${row.marks.length ? "single" : ""}`));
    if (row.marks.length) cell.append(make("div", { class: "marks" }, ...chips(cell, row.marks, "orange")));
  },
  held: (cell, row) => cell.append(make("div", { text: row.held }), make("div", { class: "small one", text: row.status })),
  resubmit: (cell, row) => { if (row.resubmit.length) cell.append(chip(...row.resubmit)); },
  source: (cell, row) => cell.append(make("div", { class: "clip chips" }, ...chips(cell, row.source, row.sourceTone))),
  store: (cell, row) => cell.append(clip(row.store)),
  edit: (cell, row) => cell.append(webLink(row.edit, "Seller Center ↗", `Seller Center: ${row.pid} ${row.title}`) ?? ""),
  public: (cell, row) => cell.append(webLink(row.public, "AliExpress ↗", `AliExpress: ${row.pid} ${row.title}`) ?? ""),
};

export class Row {
  constructor() {
    this.node = make("tr", { role: "row", tabindex: -1 });
    this.node.row = this;
    this.tick = make("input", { type: "checkbox", tabindex: -1 });
    this.picture = make("img", { alt: "", loading: "lazy", draggable: "false" });
    this.title = make("div", { class: "clip title" });
    this.pid = make("span", { class: "pid" });
    this.open = make("button", { type: "button", class: "open", tabindex: -1, text: "Open ›" });
    this.state = make("div", { class: "state one", hidden: "" });
    this.question = new Question();
    this.first = pinned(
      make("td", { role: "gridcell", class: "tick" }, make("label", {}, this.tick)),
      make("th", { role: "rowheader", scope: "row", class: "listing" },
        make("div", { class: "inner face" }, make("span", { class: "frame" }, this.picture),
          make("div", { class: "name" }, this.title, make("div", { class: "small under-title" }, this.pid, this.open), this.state)), this.question.node),
    );
    this.node.append(this.first);
    this.filled = "";
  }

  // Fill the cells anew where something has changed; tick, name and button stay the same nodes, for the focus.
  fill(told, columns, number) {
    this.told = told;
    this.node.setAttribute("aria-rowindex", number + 2);
    const now = JSON.stringify([told, columns.map((column) => column.key)]);
    if (now === this.filled) return;
    this.filled = now;
    this.title.textContent = told.title;
    this.pid.textContent = told.pid;
    this.tick.setAttribute("aria-label", `Tick ${told.pid} ${told.title}`);
    this.open.setAttribute("aria-label", `Open ${told.pid} ${told.title}`);
    if (told.picture) this.picture.setAttribute("src", told.picture);
    else this.picture.removeAttribute("src");
    const cells = columns.filter((column) => column.key !== "listing").map((column) => this.cell(column));
    this.node.replaceChildren(this.first, ...cells);
  }

  cell(column) {
    const inner = make("div", { class: "inner" });
    (FILL[column.key] ?? ((into, row) => into.append(clip(row.more[column.key] ?? ""))))(inner, this.told);
    return make("td", { role: "gridcell", class: `${column.key} ${column.kind}` }, inner);
  }

  // What is so for the moment: ticked, current, under way, refused, asked about, or gone from the view.
  mark({ ticked, current, under, refused, answers }) {
    const { node, told } = this;
    this.tick.checked = ticked;
    node.setAttribute("aria-selected", String(ticked));
    node.classList.toggle("current", current);
    node.classList.toggle("under", Boolean(under));
    node.classList.toggle("gone", Boolean(told.state));
    node.tabIndex = current ? 0 : -1;
    for (const control of node.querySelectorAll("a, button, input")) control.tabIndex = current ? 0 : -1;
    this.question.show(refused, under ? null : answers, `${told.pid} ${told.title}`);
    node.classList.toggle("asks", this.question.isOpen);
    const words = under || (this.question.isOpen ? "" : refused || told.state);
    this.state.textContent = words;
    this.state.hidden = !words;
    node.classList.toggle("told", Boolean(words));
    this.state.classList.toggle("refused", Boolean(refused) && !under);
  }

  // Show the whole of the texts of this row where some are cut. It lies over the rows below, so nothing moves.
  unfold() {
    if (![...this.node.children].some(isCut)) return;
    this.node.classList.add("unfolded");
    const heights = [...this.node.querySelectorAll(".inner")].map((inner) => inner.scrollHeight);
    this.node.style.setProperty("--tall", `${Math.max(...heights, this.node.offsetHeight)}px`);
  }

  // The same of one cell, under a pointer that rests on it.
  unfoldCell(cell) {
    if (!this.node.classList.contains("unfolded") && isCut(cell)) cell.classList.add("whole");
  }

  refold() {
    this.node.classList.remove("unfolded");
    this.unfold();
  }

  fold() {
    this.node.classList.remove("unfolded");
    this.foldCells();
  }

  foldCells() {
    for (const cell of this.node.querySelectorAll(".whole")) cell.classList.remove("whole");
  }
}

function isCut(cell) {
  const isLonger = (text) => text.scrollHeight > text.clientHeight + 1 || text.scrollWidth > text.clientWidth + 1;
  return Boolean(cell.querySelector(".more")) || [...cell.querySelectorAll(".clip, .one")].some(isLonger);
}
