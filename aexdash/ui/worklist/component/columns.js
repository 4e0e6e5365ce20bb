// The heads of the columns; list.css says how wide they are.

import { make, pinned } from "./dom.js";

// Put the heads of columns into a row, the first of them that of the names; `all` is the box that ticks all rows.
export function fillColumns(head, columns, all) {
  const [name, ...others] = columns.map((column) => {
    const cell = make("th", { role: "columnheader", scope: "col", class: `${column.key} ${column.kind}`, text: column.label });
    if (column.help) cell.title = column.help;
    return cell;
  });
  head.replaceChildren(pinned(make("td", { role: "columnheader", class: "tick" }, make("label", {}, all)), name), ...others);
}
