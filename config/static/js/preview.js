// Shows what an act would do while the officer fills in the form. Without this script a button shows the same on a page.
const place = document.getElementById("preview");
const form = place?.closest("form");
const names = ["treaty", "state", "action", "deposited_on", "stated_effective_on", "replaces"];
let waiting;

async function show() {
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of names) if (data.get(name)) query.set(name, data.get(name));
  if (!["treaty", "state", "action", "deposited_on"].every((name) => query.has(name))) return;
  const answer = await fetch(`${place.dataset.address}?${query}`, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok) place.innerHTML = await answer.text();
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
