/* The form of one entry, where there is one. */

import { followAnswers } from "./answers.js";
import { keepDraft } from "./draft.js";
import { findTheWay, focusSummary } from "./way.js";
import { editRows } from "./rows.js";

const form = document.querySelector("form.edit");
focusSummary();
if (form) {
  editRows(form);
  followAnswers(form);
  findTheWay(form);
  keepDraft(form);
}
