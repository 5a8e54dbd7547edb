// Keys go to the bench unless somebody types into a field or works a dialog or a button with them.

/** keys: [text, key or test of the event, what it does] each. */
export function listen(keys) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("input, select, textarea")) return;
    const inDialog = document.querySelector("dialog[open]");
    if (inDialog && event.key !== "f") return;
    if (["Enter", " "].includes(event.key) && event.target.closest("button, summary, [role=button]")) return;
    const found = keys.find(([, when]) => (typeof when === "string" ? event.key === when : when(event)));
    if (found) {
      event.preventDefault();
      found[2](event);
    }
  });
  addEventListener("keydown", (event) => {
    if (["Enter", " "].includes(event.key) && event.target.matches("[role=button]")) event.target.click();
  });
}
