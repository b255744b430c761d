/* Rows are added, copied and removed without asking the server, and say in one line what is in them. */

const NARROW = matchMedia("(max-width: 40em)");
const NUMBERED = ["id", "name", "for", "aria-describedby", "data-when", "data-rows"];

const rowsIn = (group) => [...group.querySelectorAll(":scope > .row:not(.row--gone)")];
const detailsOf = (row) => row.querySelector(":scope > details");
const tell = (group) => group.dispatchEvent(new Event("change", { bubbles: true }));

function writeOrder(group) {
  const order = group.querySelector(":scope > [data-order]");
  order.value = rowsIn(group).map((row) => row.dataset.row).join(" ");
}

/** An index that no row of *group* has had, not even one that was removed. */
function nextIndex(group) {
  const used = Math.max(Number(group.dataset.highest ?? -1), ...rowsIn(group).map((row) => Number(row.dataset.row)));
  group.dataset.highest = used + 1;
  return used + 1;
}

function renumber(row, group, index) {
  const from = `${group.dataset.rows}-${row.dataset.row}-`;
  const to = `${group.dataset.rows}-${index}-`;
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of NUMBERED) {
      const value = element.getAttribute(attribute);
      if (value?.includes(from)) element.setAttribute(attribute, value.replaceAll(from, to));
    }
    if (element instanceof HTMLTemplateElement) element.innerHTML = element.innerHTML.replaceAll(from, to);
  }
  for (const button of row.querySelectorAll("[data-copy], [data-remove]")) {
    button.value = button.value.replace(/-?\d+$/, index);
  }
  row.dataset.row = index;
}

function blankRow(group) {
  const row = group.querySelector(":scope > [data-blank]").content.firstElementChild.cloneNode(true);
  renumber(row, group, nextIndex(group));
  return row;
}

/** A copy of *row* with the answers as they stand on the screen; a clone has those of the page as it was loaded. */
function copyOf(row, group) {
  const copy = row.cloneNode(true);
  // Before the names are changed: two groups of radios with one name would undo each other.
  renumber(copy, group, nextIndex(group));
  const controls = copy.querySelectorAll("input, select, textarea");
  row.querySelectorAll("input, select, textarea").forEach((control, place) => {
    controls[place].value = control.value;
    if ("checked" in control) controls[place].checked = control.checked;
  });
  for (const identity of copy.querySelectorAll("[data-identity]")) identity.value = "";
  detailsOf(copy).open = false;
  return copy;
}

function insert(group, row, before) {
  group.insertBefore(row, before);
  writeOrder(group);
  tell(group);
  open(row);
}

function open(row) {
  const details = detailsOf(row);
  details.open = true;
  fillPage(details);
  row.querySelector(".row__fields :is(input:not([type=hidden]), select, textarea)")?.focus();
}

function remove(row, group, form) {
  const gone = form.querySelector("[data-gone]").content.firstElementChild.cloneNode(true);
  gone.querySelector("[data-says]").textContent = saidBy(row);
  const undo = gone.querySelector("[data-undo]");
  undo.addEventListener("click", () => {
    gone.replaceWith(row);
    writeOrder(group);
    tell(group);
    row.querySelector("summary").focus();
  });
  row.replaceWith(gone);
  fillPage(detailsOf(row));
  writeOrder(group);
  tell(group);
  undo.focus();
}

/* --- What a row says --- */

const captionOf = (field) => {
  const caption = field.querySelector(".caption").cloneNode(true);
  caption.querySelector("[data-wanted]")?.remove();
  return caption.textContent.trim();
};

const chosenText = (select) => (select.value ? select.selectedOptions[0].text.trim() : "");

function answerOf(field) {
  if (field.classList.contains("field--flag")) {
    return field.querySelector("input[value=yes]").checked ? captionOf(field) : "";
  }
  const ticked = [...field.querySelectorAll("input:checked")].map((tick) => tick.parentElement.textContent.trim());
  if (ticked.length) return ticked.join(", ");
  const control = field.querySelector("input[id]:not([type=hidden]), select[id], textarea[id]");
  if (!control?.value.trim()) return "";
  if (control instanceof HTMLSelectElement) return chosenText(control);
  if (control.type === "date") return new Date(`${control.value}T12:00`).toLocaleDateString(document.documentElement.lang);
  const unit = field.querySelector("select");
  return unit ? `${control.value} ${chosenText(unit)}` : control.value.trim();
}

function saidBy(row) {
  const fields = [...row.querySelectorAll(".field")].filter((field) => !field.hidden && field.closest(".row") === row);
  const said = fields.map(answerOf).filter(Boolean).join(" – ");
  return said || row.closest(".rows").querySelector(":scope > [data-blank]").content.querySelector("[data-says]").textContent;
}

function sayAgain(event) {
  const row = event.target.closest(".row[data-row]");
  if (!row) return;
  const said = saidBy(row);
  for (const place of row.querySelectorAll("[data-says]")) {
    if (place.closest(".row") === row) place.textContent = said;
  }
}

/* --- On a narrow screen the open row fills the page --- */

function fillPage(details) {
  const fills = NARROW.matches && details.isConnected && details.open;
  const filledBefore = document.body.classList.contains("one-row");
  document.body.classList.toggle("one-row", fills);
  if (fills) details.scrollIntoView({ block: "start", behavior: "instant" });
  else if (filledBefore && details.isConnected) details.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
}

export function editRows(form) {
  form.addEventListener("click", (event) => {
    const summary = event.target.closest(".row > details > summary");
    // The details element opens only after this event.
    if (summary) setTimeout(() => fillPage(summary.parentElement));
    const button = event.target.closest("[data-add], [data-copy], [data-remove]");
    if (!button) return;
    event.preventDefault();
    const group = button.closest(".rows");
    const row = button.closest(".row");
    if (button.matches("[data-add]")) insert(group, blankRow(group), button);
    else if (button.matches("[data-copy]")) insert(group, copyOf(row, group), row.nextSibling);
    else remove(row, group, form);
  });
  form.addEventListener("input", sayAgain);
  form.addEventListener("change", sayAgain);
}
