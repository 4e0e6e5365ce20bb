// The heads of the columns; list.css says how wide they are.

import { make } from "./dom.js";

// Put the heads of columns into a row; `all` is the box that ticks all rows.
export function fillColumns(head, columns, all) {
  const cells = columns.map((column) => {
    const cell = make("th", { role: "columnheader", scope: "col", class: `${column.key} ${column.kind}`, text: column.label });
    if (column.help) cell.title = column.help;
    if (column.key === "listing") cell.classList.add("pinned");
    return cell;
  });
  head.replaceChildren(make("td", { role: "columnheader", class: "tick pinned" }, make("label", {}, all)), ...cells);
}
