// An update round: one key for each answer, only while the focus is inside the row it is about.

import { keysAreOn } from "./shortcuts.js";

const list = document.querySelector("[data-round]");

if (list && keysAreOn()) {
  document.querySelector("[data-keys-help]")?.removeAttribute("hidden");
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = event.target.closest(".task");
    const button = row?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

// After an answer the page comes back at the next row, so the focus goes there too.
const next = location.hash.startsWith("#activity-") && document.querySelector(location.hash);
if (next) next.querySelector("button")?.focus();
