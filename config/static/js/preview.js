// Shows what an act would do while the officer fills in the form. Without this script a button shows the same on a page.
const place = document.getElementById("preview");
const form = place?.closest("form");
const names = ["treaty", "state", "action", "deposited_on", "stated_effective_on", "replaces"];
let waiting;
let asked = 0;

async function show() {
  const number = ++asked;
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of names) if (data.get(name)) query.set(name, data.get(name));
  if (!["treaty", "state", "action", "deposited_on"].every((name) => query.has(name))) return;
  const answer = await fetch(`${place.dataset.address}?${query}`, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return;
  const text = await answer.text();
  if (number === asked) place.innerHTML = text; // a slow answer to an earlier question comes too late
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300);
}

if (form) {
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  // The pickers of the admin announce their choices through jQuery alone.
  window.django?.jQuery(form).on("change", "select", soon);
  show();
}
