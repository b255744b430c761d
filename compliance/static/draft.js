/* What is typed is kept as a private draft while it is typed, so that nobody has to be warned on leaving. */

const PAUSE = 3000;
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" };

export function keepDraft(form) {
  const status = form.querySelector("[data-saved]");
  let timer = 0;
  let sending = null;
  let submitted = false;

  function say(text, failed) {
    status.textContent = text;
    status.classList.toggle("bar__saved--failed", failed);
  }

  async function send(keepalive) {
    clearTimeout(timer);
    timer = 0;
    sending?.abort();
    sending = new AbortController();
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive, signal: sending.signal });
      // A sign-in that has ended answers with the page to sign in, which is no confirmation.
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      const { saved_at: savedAt } = await answer.json();
      const time = new Date(savedAt).toLocaleTimeString(document.documentElement.lang, CLOCK);
      say(form.dataset.kept.replace("{time}", time), false);
    } catch (error) {
      if (error.name !== "AbortError") say(form.dataset.notKept, true);
    }
  }

  function later() {
    if (submitted) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE, false);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    submitted = true;
    clearTimeout(timer);
    timer = 0;
    sending?.abort();
  });
  addEventListener("pagehide", () => {
    if (timer && !submitted) send(true);
  });
}
