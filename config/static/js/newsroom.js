// Shows the text as the public will see it while it is written, and keeps what was typed in this browser until it is saved.
const preview = document.getElementById("text-preview");
const form = preview?.closest("form");
const notice = document.getElementById("autosave");
const key = `minefree:${location.pathname}`;
const kept = ["title", "slug", "symbol", "body", "byline", "date_note", "source_url", "source_note"];
let waiting;

async function show() {
  const data = new FormData(form);
  const answer = await fetch(preview.dataset.address, {
    method: "POST",
    headers: { "X-Requested-With": "fetch", "X-CSRFToken": data.get("csrfmiddlewaretoken") },
    body: new URLSearchParams(["title", "body", "language"].map((name) => [name, data.get(name) ?? ""])),
  });
  if (answer.ok) preview.innerHTML = await answer.text();
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

if (form) {
  offer();
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      keep();
      show();
    }, 400);
  });
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.formTarget) localStorage.removeItem(key);
  });
  show();
}
