// Shows the text as the public will see it while it is written, and keeps what was typed in this browser until the server says
// that it is saved. A draft is its editor's: it is offered to nobody else, and signing out deletes it (Clear-Site-Data).
const preview = document.getElementById("text-preview");
const form = preview?.closest("form");
const notice = document.getElementById("autosave");
const prefix = `minefree:${notice?.dataset.user}:`;
const key = `${prefix}${location.pathname}`;
const kept = ["title", "slug", "symbol", "body", "byline", "date_note", "source_url", "source_note"];
let waiting;
let asked = 0;

function drafts() {
  return Object.keys(localStorage).filter((name) => name.startsWith("minefree:"));
}

function forgetWhatIsSaved() {
  const saved = document.cookie.match(/(?:^|; )saved_form=([^;]+)/)?.[1];
  if (!saved) return;
  const path = decodeURIComponent(saved);
  for (const name of drafts()) if (name.endsWith(`:${path}`)) localStorage.removeItem(name);
  document.cookie = "saved_form=; path=/admin/; max-age=0";
}

async function show() {
  const number = ++asked;
  const data = new FormData(form);
  const answer = await fetch(preview.dataset.address, {
    method: "POST",
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": data.get("csrfmiddlewaretoken") },
    body: new URLSearchParams(["title", "body", "language"].map((name) => [name, data.get(name) ?? ""])),
  });
  if (!answer.ok) return;
  const text = await answer.text();
  if (number === asked) preview.innerHTML = text; // a slow answer to an earlier question comes too late
}

function keep() {
  const fields = Object.fromEntries(kept.map((name) => [name, form.elements[name]?.value ?? ""]));
  localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), fields }));
}

function offer() {
  const draft = JSON.parse(localStorage.getItem(key) ?? "null");
  if (!draft || kept.every((name) => (form.elements[name]?.value ?? "") === draft.fields[name])) return;
  const says = document.createElement("span");
  says.textContent = `${notice.dataset.kept} ${new Date(draft.at).toLocaleString()} `;
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      notice.replaceChildren();
    });
    return made;
  };
  const restore = button(notice.dataset.restore, () => {
    for (const name of kept) if (form.elements[name]) form.elements[name].value = draft.fields[name];
    show();
  });
  notice.replaceChildren(says, restore, button(notice.dataset.forget, () => localStorage.removeItem(key)));
}

forgetWhatIsSaved();
if (form) {
  for (const name of drafts()) if (!name.startsWith(prefix)) localStorage.removeItem(name);
  offer();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      keep();
      show();
    }, 400);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget) keep();
  });
  show();
}
