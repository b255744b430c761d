/* In a picture of boxes and lines, the lines of the box that has the focus or the pointer stand out. */

const picture = document.querySelector("svg.network");

function ends(net) {
  return net.dataset.ends.split("|");
}

function light(key) {
  picture.classList.toggle("network--lit", Boolean(key));
  for (const net of picture.querySelectorAll(".network__net")) {
    net.classList.toggle("network__net--lit", Boolean(key) && ends(net).includes(key));
  }
}

const keyOf = (event) => event.target.closest?.(".network__box")?.dataset.key;

if (picture) {
  // On the picture itself they would make it a stop of the Tab key.
  const region = picture.parentElement;
  region.addEventListener("focusin", (event) => light(keyOf(event)));
  region.addEventListener("focusout", () => light());
  region.addEventListener("pointerover", (event) => light(keyOf(event)));
  region.addEventListener("pointerleave", () => light());
}
