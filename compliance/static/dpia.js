// One risk: the result follows the radios at once, and Ctrl+Enter saves and goes on. The server does the same without it.

const form = document.querySelector("[data-risk]");

if (form) {
  const matrix = form.querySelector("[data-matrix]");
  const shorts = JSON.parse(form.querySelector("[data-shorts]").dataset.shorts);
  const ratings = [...form.querySelectorAll(".rating")];

  const chosen = (rating, axis) =>
    rating.querySelector(`[name="${axis}_${rating.dataset.moment}"]:checked`)?.dataset.grade;

  const cellOf = (rating) => {
    const severity = chosen(rating, "severity");
    const likelihood = chosen(rating, "likelihood");
    if (severity === undefined || likelihood === undefined) return null;
    return matrix.querySelector(`[data-severity="${severity}"][data-likelihood="${likelihood}"]`);
  };

  const badge = (cell, open) => {
    const made = document.createElement("span");
    made.className = `level level--${cell ? cell.dataset.tone : "open"}`;
    made.textContent = cell ? cell.dataset.level : open;
    return made;
  };

  const show = () => {
    for (const here of matrix.querySelectorAll("[data-here]")) here.textContent = "";
    for (const rating of ratings) {
      const cell = cellOf(rating);
      const result = rating.querySelector(".rating__result");
      const open = result.dataset.open;
      result.replaceChildren(`${rating.dataset.words}: `, badge(cell, open));
      form.querySelector(`[data-result="${rating.dataset.moment}"]`).replaceChildren(badge(cell, open));
      const here = cell?.querySelector("[data-here]");
      if (here) here.textContent += (here.textContent ? ", " : "") + shorts[rating.dataset.moment];
    }
  };

  const tell = () => {
    const source = form.elements.source;
    const who = source.value ? source.selectedOptions[0].textContent : "";
    const harm = [...form.querySelectorAll('[name="damages"]:checked')].map((box) => box.parentElement.textContent.trim());
    const parts = [who, form.elements.threat.value.trim(), form.elements.event.value.trim() || form.elements.title.value.trim(), harm.join(", "), form.elements.consequence.value.trim()];
    const told = form.querySelector("[data-told]");
    told.textContent = parts.filter(Boolean).join(" – ") || told.dataset.empty;
  };

  form.addEventListener("change", () => { show(); tell(); });
  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-next]"));
    }
  });
  tell();
}
