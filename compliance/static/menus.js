/* Folded menus close like menus: on Escape, on a click elsewhere, and when the focus moves on. */

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
});

function closeAround(event) {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

document.addEventListener("click", closeAround);
document.addEventListener("focusin", closeAround);
