/* Finding the way through a long form: jumps, sections, the legal grounds, and searches inside questions. */

const NARROW = matchMedia("(max-width: 62em)");

/** The summary of what was wrong takes the focus, so that it is read first. */
export function focusSummary() {
  document.querySelector("[data-focus]")?.focus();
}

function unfold(element) {
  for (let around = element; around; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) around.open = true;
  }
}

function goTo(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  unfold(target);
  target.scrollIntoView({ block: "start" });
  const first = target.querySelector(
    ":is(input:not([type=hidden]), select, textarea, .row summary, [data-add])",
  );
  const place = target.matches(".part") ? target.querySelector("summary") : (first ?? target);
  place.focus({ preventScroll: true });
}

function followJumps() {
  addEventListener("hashchange", () => goTo(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('main a[href^="#"]');
    // The same jump twice changes no address, so nothing else would tell.
    if (link && link.hash === location.hash) goTo(link.hash);
  });
  if (location.hash) goTo(location.hash);
}

/** On a narrow screen the sections are an accordion that begins with what needs attention. */
function foldSections(parts) {
  parts.forEach((part, place) => {
    const needed = part.querySelector(".field--wrong, .row > details[open]") !== null;
    part.open = !NARROW.matches || place === 0 || needed;
  });
}

function markSection(form, parts) {
  const links = new Map([...form.querySelectorAll(".edit__sections a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target);
      const here = parts.find((part) => seen.has(part));
      for (const link of links.values()) link.removeAttribute("aria-current");
      if (here) links.get(here.id)?.setAttribute("aria-current", "true");
    },
    { rootMargin: "-10% 0px -60% 0px" },
  );
  parts.forEach((part) => observer.observe(part));
}

function switchLaw(form) {
  const line = form.querySelector("[data-law]");
  line.hidden = false;
  line.querySelector("input").addEventListener("change", (event) => {
    // It concerns the page, not the entry.
    event.stopPropagation();
    for (const why of form.querySelectorAll(".why")) why.open = event.target.checked;
  });
}

/** Enter in a search inside the form searches; without this it would save. */
function searchOnEnter(form) {
  form.addEventListener("keydown", (event) => {
    const finder = event.key === "Enter" && event.target.closest("[data-finder]");
    if (!finder || event.target.matches("button")) return;
    event.preventDefault();
    finder.querySelector("button").click();
  });
}

export function findTheWay(form) {
  const parts = [...form.querySelectorAll(".part")];
  foldSections(parts);
  NARROW.addEventListener("change", () => foldSections(parts));
  markSection(form, parts);
  switchLaw(form);
  searchOnEnter(form);
  followJumps();
}
