// The check of a module: saves each requirement when the focus leaves it, and moves between requirements by key.

import { keysAreOn } from "./shortcuts.js";

function begin(list) {
  const words = list.dataset;
  list.classList.add("requirements--live");
  for (const item of list.querySelectorAll("[data-requirement]")) watch(item, words);
  list.addEventListener("keydown", (event) => travel(event, list));
  window.addEventListener("pagehide", () => forAll(list, (state) => state.save({ leaving: true })));
  window.addEventListener("beforeunload", (event) => {
    if (states(list).some((state) => state.failed)) event.preventDefault();
  });
  followInterview(list);
  switchTexts(list);
  if (keysAreOn()) document.querySelector("[data-keys-help]")?.removeAttribute("hidden");
}

// Answers given from now on belong to the interview that is chosen above the list.
function followInterview(list) {
  const choice = document.querySelector("[data-interview]");
  if (!choice) return;
  choice.form.querySelector("[data-without-script]").hidden = true;
  choice.addEventListener("change", () => {
    const chosen = choice.value === "-" ? "" : choice.value;
    for (const field of list.querySelectorAll("[data-said-in]")) field.value = chosen;
  });
}

const TEXTS = "nachweis.requirement-texts";

// The wordings of all requirements are shown or folded together, and stay so on the next page; a phone begins folded.
function switchTexts(list) {
  const button = document.querySelector("[data-texts]");
  if (!button) return;
  button.closest("[data-texts-switch]").hidden = false;
  const show = (shown) => {
    for (const text of list.querySelectorAll(".requirement__text")) text.open = shown;
    button.textContent = shown ? button.dataset.wordsHide : button.dataset.wordsShow;
    button.setAttribute("aria-expanded", shown);
  };
  show((remembered() ?? (matchMedia("(max-width: 40em)").matches ? "folded" : "shown")) === "shown");
  button.addEventListener("click", () => {
    const shown = button.getAttribute("aria-expanded") !== "true";
    show(shown);
    try {
      localStorage.setItem(TEXTS, shown ? "shown" : "folded");
    } catch {
      // Without storage it holds for this page.
    }
  });
}

function remembered() {
  try {
    return localStorage.getItem(TEXTS);
  } catch {
    return null;
  }
}

const known = new WeakMap();

function states(list) {
  return [...list.querySelectorAll("[data-requirement]")].map((item) => known.get(item)).filter(Boolean);
}

function forAll(list, act) {
  states(list).forEach(act);
}

// --- One requirement ---------------------------------------------------------------------------

function watch(item, words) {
  const form = item.querySelector("[data-answer]");
  if (!form) return;
  const state = new State(item, form, words);
  known.set(item, state);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) state.save();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "do") state.plan(event.submitter);
    else {
      state.save();
      goTo(item.nextElementSibling);
    }
  });
  form.addEventListener("click", (event) => leaveBy(event, state));
  form.querySelector("[data-answers]").addEventListener("keydown", choose);
  form.querySelector("[data-undo]").addEventListener("click", () => state.undo());
}

// A link leads to a page about the answer, which therefore has to be stored first.
async function leaveBy(event, state) {
  const link = event.target.closest("a");
  if (!link || !state.dirty || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await state.save();
  if (!state.dirty) location.href = link.href;
}

class State {
  constructor(item, form, words) {
    this.item = item;
    this.form = form;
    this.words = words;
    this.failed = false;
    this.queue = Promise.resolve();
    this.stored = form.querySelector("[data-unsaved]") ? null : answersOf(form);
    this.before = null;
  }

  get dirty() {
    return JSON.stringify(answersOf(this.form)) !== JSON.stringify(this.stored);
  }

  // One after the other, so that each carries the version the one before it has made.
  save({ leaving = false, undone = false } = {}) {
    if (leaving) return this.dirty ? this.#send({ leaving, undone }) : undefined;
    this.queue = this.queue.then(() => (this.dirty ? this.#send({ leaving, undone }) : undefined));
    return this.queue;
  }

  // Stores the answer, and lets a measure be drawn up for it.
  plan(button) {
    this.queue = this.queue.then(() => this.#send({ leaving: false, undone: false, button }));
    return this.queue;
  }

  async #send({ leaving, undone, button }) {
    const sent = answersOf(this.form);
    const body = new FormData(this.form);
    if (button) body.append(button.name, button.value);
    this.#show(this.words.wordsSaving, false);
    let response, reply;
    try {
      response = await fetch(this.form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: leaving,
        redirect: "error",
      });
      reply = await response.json();
    } catch {
      this.failed = true;
      this.#show(this.words.wordsFailed, true);
      say(this.words.wordsFailed);
      return;
    }
    this.failed = false;
    if (response.ok) this.#stored(sent, reply, undone);
    else this.#again(reply);
  }

  #stored(sent, reply, undone) {
    if (undone) this.before = null;
    else if (JSON.stringify(sent) !== JSON.stringify(this.stored)) this.before = this.stored;
    this.stored = sent;
    this.form.querySelector("[data-version]").value = reply.version;
    this.item.querySelector("[data-standing]").innerHTML = reply.standing;
    document.querySelector("[data-progress]").textContent = reply.progress;
    document.querySelector("[data-bar]").value = reply.answered;
    this.form.querySelector("[data-undo]").hidden = !this.before;
    this.item.querySelector("[data-conflict]")?.remove();
    this.form.querySelector("[data-unsaved]")?.removeAttribute("data-unsaved");
    if (reply.planned) this.#planned(reply.planned);
    this.#show(undone ? this.words.wordsUndone : this.words.wordsSaved, false);
    say(reply.said);
  }

  // What was sent could not be stored: the requirement comes back as it was filled in, with the reason.
  #again(reply) {
    say(reply.said);
    if (!reply.html) {
      this.failed = true;
      this.#show(this.words.wordsFailed, true);
      return;
    }
    const shell = document.createElement("template");
    shell.innerHTML = reply.html;
    const fresh = shell.content.querySelector("[data-requirement]");
    this.item.replaceWith(fresh);
    watch(fresh, this.words);
    fresh.querySelector("[data-keep]")?.addEventListener("click", (event) => {
      event.preventDefault();
      location.hash = fresh.id;
      location.reload();
    });
  }

  // The new measure stands where its button was, and so does the focus.
  #planned(html) {
    const place = this.form.querySelector("[data-planned]");
    place.innerHTML = html;
    place.querySelector("a").focus();
  }

  undo() {
    const before = this.before;
    if (!before) return;
    for (const field of this.form.elements) {
      if (!(field.name in before)) continue;
      if (field.type === "radio") field.checked = field.value === before[field.name];
      else field.value = before[field.name];
    }
    this.form.querySelector("[data-answers] input:checked")?.focus();
    this.save({ undone: true });
  }

  #show(text, wrong) {
    const place = this.form.querySelector("[data-saved]");
    place.textContent = text;
    place.classList.toggle("requirement__saved--failed", wrong);
  }
}

const OF_THE_PAGE = new Set(["csrf", "version", "following", "show", "interview"]);

function answersOf(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name]) => !OF_THE_PAGE.has(name)));
}

function say(text) {
  const place = document.querySelector("[data-said]");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

// --- Keys --------------------------------------------------------------------------------------

function travel(event, list) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
  const item = event.target.closest("[data-requirement]");
  const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key];
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  if (next && list.contains(next)) goTo(next);
}

function goTo(item) {
  const target = item ?? document.getElementById("after-check");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const inside = target.querySelector("[data-answers] input:checked") ?? target.querySelector("input:not([type=hidden]), button, a");
  // What is only read holds nothing to answer; the focus goes there all the same, or the keys would end here.
  if (!inside) target.tabIndex = -1;
  (inside ?? target).focus({ preventScroll: true });
  target.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}

function choose(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || !keysAreOn()) return;
  const wanted = event.currentTarget.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.checked = true;
  wanted.focus();
  wanted.dispatchEvent(new Event("change", { bubbles: true }));
}

const list = document.querySelector("[data-check]");
if (list) begin(list);
