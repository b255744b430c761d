/* Keys that act without a modifier. They can be switched off, as WCAG 2.1.4 asks. */

const OFF = "nachweis.single-keys-off";

/** Whether keys that act alone are on; without storage they are. */
export function keysAreOn() {
  try {
    return !localStorage.getItem(OFF);
  } catch {
    return true;
  }
}

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || !keysAreOn()) return;
  const field = document.querySelector("[data-search]") ?? document.querySelector("[data-search-all]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

/** Browsers ask for different keys beside the letter of an accesskey; Alt alone works in all of them here. */
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^[a-z]$/i.test(event.key)) return;
  const wanted = document.querySelector(`[accesskey="${event.key.toLowerCase()}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

const choice = document.querySelector("[data-single-keys]");
if (choice) {
  choice.closest("[data-keys]").hidden = false;
  choice.checked = keysAreOn();
  choice.addEventListener("change", () => {
    if (choice.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}
