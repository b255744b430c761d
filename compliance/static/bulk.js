// Ticks many boxes at once: all, those still open, none, or a range with the shift key.

function begin(group) {
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  const wanted = { all: () => true, open: (box) => "open" in box.dataset, none: () => false };
  let last = null;
  for (const part of group.querySelectorAll("[data-ticks-help], [data-ticks-buttons]")) part.hidden = false;
  for (const button of group.querySelectorAll("[data-tick]")) {
    button.addEventListener("click", () => boxes.forEach((box) => { box.checked = wanted[button.dataset.tick](box); }));
  }
  // A click comes from the mouse and from the space bar alike.
  group.addEventListener("click", (event) => {
    const here = boxes.indexOf(event.target);
    if (here < 0) return;
    if (event.shiftKey && last !== null) {
      for (const box of boxes.slice(Math.min(here, last), Math.max(here, last) + 1)) box.checked = event.target.checked;
    }
    last = here;
  });
}

for (const group of document.querySelectorAll("[data-ticks]")) begin(group);
