/* Choosing somebody writes their name into the comment, so that several people can be asked. */

for (const form of document.querySelectorAll("form[data-comment]")) {
  const text = form.elements.text;
  const people = form.querySelector("[data-mention]");
  people.addEventListener("change", () => {
    if (!people.value) return;
    const name = `@${people.selectedOptions[0].textContent} `;
    const before = text.value.slice(0, text.selectionStart);
    text.setRangeText(/(^|\s)$/.test(before) ? name : ` ${name}`, text.selectionStart, text.selectionEnd, "end");
    people.value = "";
    text.focus();
  });
}
