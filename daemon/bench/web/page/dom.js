// A few lines instead of a framework: elements are made, and lists replaced, only when what they show differs.

export const $ = (selector, root = document) => root.querySelector(selector);

/** make("button", {class: "coin", title: "…", onclick: f}, "text", child, …) */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element[key] = value;
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Puts these children into the element, unless they are what it shows already. */
export function fill(element, children) {
  const fresh = make("div", {}, ...children);
  if (fresh.innerHTML !== element.innerHTML) element.replaceChildren(...fresh.childNodes);
}

export function pressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
