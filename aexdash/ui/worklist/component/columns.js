// The heads of the columns and their widths.

import { make } from "./dom.js";

const WIDTHS = { // CSS pixels at the least: by column, else by what kind of cells it has
  // those to work with, up to resubmit, are 1,106 together: a window of 1,280 shows them beside two scroll bars
  tick: 34, listing: 262, why: 204, do: 240, stage: 144, held: 92, resubmit: 130, store: 112,
  text: 150, number: 116, link: 118,
};

// Put heads and widths of columns into a table; `all` is the box that ticks all rows.
export function fillColumns({ table, head, widths: node }, columns, all) {
  const cells = columns.map((column) => {
    const cell = make("th", { role: "columnheader", scope: "col", class: `${column.key} ${column.kind}`, text: column.label });
    if (column.help) cell.title = column.help;
    if (column.key === "listing") cell.classList.add("pinned");
    return cell;
  });
  head.replaceChildren(make("td", { role: "columnheader", class: "tick pinned" }, make("label", {}, all)), ...cells);
  const widths = [WIDTHS.tick, ...columns.map(({ key, kind }) => WIDTHS[key] ?? WIDTHS[kind])];
  node.replaceChildren(...widths.map((width) => make("col", { style: `width: ${width}px` })));
  table.style.setProperty("--wide", `${widths.reduce((sum, width) => sum + width, 0)}px`);
}
