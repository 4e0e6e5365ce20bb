// Making nodes. Texts come from AliExpress and from people, so they are only ever set as text, never as HTML.

export function make(tag, { text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  node.append(...children.filter(Boolean));
  return node;
}

// The cells of a row that stay in sight; nobody is told of the box around them.
export function pinned(...cells) {
  return make("div", { role: "none", class: "pinned" }, ...cells);
}

// A link to another page; the server has checked it, this refuses what is no web address all the same.
export function webLink(address, text, name) {
  if (!/^https?:\/\//.test(address)) return null;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer", "aria-label": name, text, tabindex: -1 });
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // pages that do not come over https have no clipboard
  }
}

function copyTheOldWay(text) {
  const field = make("textarea", { style: "position: fixed; opacity: 0" });
  field.value = text;
  const place = document.querySelector("[role=dialog]") ?? document.body; // a dialog takes the focus back from outside
  place.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
