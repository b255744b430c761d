// One question: Ctrl+Enter saves and goes on, and what is typed is kept as a draft. The server does the rest without it.

import { keepDraft } from "./draft.js";

const form = document.querySelector("[data-question]");

if (form) {
  keepDraft(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-next]"));
    }
  });
}
