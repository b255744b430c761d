/* What the answers so far mean for the form: which questions arise, what is still missing, how far one is. */

const CONTROL = "input[id]:not([type=hidden]), select[id], textarea[id]";

const rowsOf = (field) => field.querySelector(":scope > .rows");

/** Whether something stands in *field*. */
export function filled(field) {
  const rows = rowsOf(field);
  if (rows) return rows.querySelector(":scope > .row:not(.row--gone)") !== null;
  const ticks = [...field.querySelectorAll("input[type=radio], input[type=checkbox]")];
  if (ticks.length) return ticks.some((tick) => tick.checked && tick.value !== "");
  return [...field.querySelectorAll(CONTROL)].some((control) => control.value.trim() !== "");
}

/** The questions of the entry itself, not of its rows, that an audit asks for and that arise. */
export function expected(within) {
  return [...within.querySelectorAll(".field[data-expected]")].filter(
    (field) => !field.parentElement.closest(".row, [hidden]") && !field.hidden,
  );
}

function unfoldQuestions(form) {
  for (const field of form.querySelectorAll(".field[data-when]")) {
    const yes = form.querySelector(`input[name="${CSS.escape(field.dataset.when)}"][value=yes]`);
    if (yes) field.hidden = !yes.checked;
  }
}

function markMissing(form) {
  for (const mark of form.querySelectorAll("[data-wanted]")) mark.hidden = filled(mark.closest(".field"));
}

function countProgress(form) {
  for (const words of form.querySelectorAll("[data-done]")) {
    const asked = expected(document.getElementById(words.dataset.done));
    const done = asked.filter(filled).length;
    words.textContent = words.dataset.words.replace("{done}", done).replace("{all}", asked.length);
    const bar = words.parentElement.querySelector("progress");
    if (bar) {
      bar.max = asked.length || 1;
      bar.value = done;
    }
  }
}

function pointToGap(form) {
  const link = form.querySelector("[data-next-gap]");
  const gap = expected(form).find((field) => !filled(field));
  link.hidden = !gap;
  if (gap) link.href = `#${gap.id}`;
}

export function followAnswers(form) {
  const follow = () => {
    unfoldQuestions(form);
    markMissing(form);
    countProgress(form);
    pointToGap(form);
  };
  form.addEventListener("input", follow);
  form.addEventListener("change", follow);
  follow();
}
