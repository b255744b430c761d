/* Somebody chosen is written into the comment by a button, so that several people can be asked. */

for (const form of document.querySelectorAll("form[data-comment]")) {
  const text = form.elements.text;
  const people = form.elements.mention;
  const insert = form.querySelector("[data-insert]");
  insert.hidden = false;
  insert.addEventListener("click", () => {
    if (!people.value) return;
    const name = `@${people.selectedOptions[0].textContent} `;
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(/(^|\s)$/.test(before) ? name : ` ${name}`, text.selectionStart, text.selectionEnd, "end");
    people.value = "";
    text.focus();
  });
}
