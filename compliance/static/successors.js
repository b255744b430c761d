// The work list: Alt with an arrow goes to the next or previous control.

const list = document.querySelector("[data-worklist]");

list?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!event.altKey || !step) return;
  event.preventDefault();
  const places = [...list.querySelectorAll("[data-line]")];
  const at = places.indexOf(event.target.closest("[data-line]"));
  const next = places[at + step];
  next?.querySelector("input, a, button")?.focus();
  next?.scrollIntoView({ block: "nearest" });
});
