/* Going back to a list finds it as it was left: same filters, same place, the entry just read in focus. */

const key = (path) => `nachweis.list:${path}`;

function remembered(path) {
  try {
    return JSON.parse(sessionStorage.getItem(key(path)) ?? "null");
  } catch {
    return null;
  }
}

function rememberOnLeaving(table) {
  table.addEventListener("click", (event) => {
    const link = event.target.closest("tbody a");
    if (!link) return;
    const left = { search: location.search, entry: link.getAttribute("href"), scroll: scrollY };
    sessionStorage.setItem(key(location.pathname), JSON.stringify(left));
  });
}

function comeBack(table) {
  const left = remembered(location.pathname);
  if (!left || location.hash !== "#back" || left.search !== location.search) return;
  history.replaceState(null, "", location.pathname + location.search);
  scrollTo({ top: left.scroll, behavior: "instant" });
  table.querySelector(`tbody a[href="${CSS.escape(left.entry)}"]`)?.focus({ preventScroll: true });
}

const table = document.querySelector("[data-remember]");
if (table) {
  rememberOnLeaving(table);
  comeBack(table);
}

for (const link of document.querySelectorAll("a[data-list]")) {
  const left = remembered(link.pathname);
  if (left) link.href = `${link.pathname}${left.search}#back`;
}
