/* Files are sent one after the other with a bar that shows how far each is; the form works without it. */

function upload(form, file, onProgress) {
  return new Promise((resolve) => {
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("file", file);
    const sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.setRequestHeader("Accept", "application/json");
    sending.responseType = "json";
    sending.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    // Anything but the answer of the form, such as the page to sign in, means that the file did not arrive.
    sending.addEventListener("loadend", () => resolve(sending.response?.refused ?? [said(form.dataset.failed, file)]));
    sending.send(body);
  });
}

function said(text, file) {
  return text.replace("{name}", file.name);
}

function bar(form, file) {
  const label = document.createElement("label");
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  label.append(`${said(form.dataset.sending, file)} `, progress);
  form.querySelector("[data-status]").replaceChildren(label);
  return progress;
}

async function send(form) {
  const button = form.querySelector("button[type=submit]");
  const problems = form.querySelector("[data-problems]");
  const refused = [];
  let arrived = 0;
  button.disabled = true;
  problems.replaceChildren();
  for (const file of form.elements.file.files) {
    if (file.size > Number(form.dataset.limit)) {
      refused.push(said(form.dataset.tooLarge, file));
      continue;
    }
    const progress = bar(form, file);
    const why = await upload(form, file, (share) => { progress.value = share; });
    refused.push(...why);
    arrived += why.length ? 0 : 1;
  }
  form.querySelector("[data-status]").replaceChildren();
  button.disabled = false;
  if (!refused.length && arrived) {
    location.hash = "files";
    location.reload();
    return;
  }
  problems.replaceChildren(...refused.map((text) => Object.assign(document.createElement("p"), { className: "problem", textContent: text })));
  form.elements.file.focus();
  await listAnew(form);
}

/* What did arrive is listed at once, while the reasons for the rest stay on the page. */
async function listAnew(form) {
  const answer = await fetch(location.pathname);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#files .files");
  const present = document.querySelector("#files :is(.files, .nothing)");
  if (fresh && present) present.replaceWith(fresh);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
