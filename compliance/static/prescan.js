/* Keeps a screen of the pre-scan while it is filled in, so that leaving loses nothing. */

const PAUSE = 800;
const form = document.querySelector("form[data-keep]");
let timer = 0;

function keep() {
  clearTimeout(timer);
  timer = 0;
  fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true }).catch(() => {
    // The button saves once more; without a connection nothing else can be done.
  });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

form.addEventListener("input", later);
form.addEventListener("submit", () => {
  clearTimeout(timer);
  timer = 0;
});
addEventListener("pagehide", () => timer && keep());
