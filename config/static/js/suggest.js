// Suggests States, treaties, pages and statements while one types. Without this script the field is a plain form.
// The pattern is the ARIA combobox with a list: arrows choose, Enter goes there, Escape closes.
const WAIT = 150; // milliseconds of silence before the site is asked

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].textContent);
  list.hidden = true;
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  let waiting;
  let asked = 0;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    const items = [...list.children];
    chosen = (number + items.length + 1) % (items.length + 1); // one place more: the words as they were typed
    for (const [place, each] of items.entries()) each.setAttribute("aria-selected", String(place === chosen));
    if (items[chosen]) field.setAttribute("aria-activedescendant", items[chosen].id);
    else field.removeAttribute("aria-activedescendant");
  };

  const item = (found, place) => {
    const line = document.createElement("li");
    line.id = `${list.id}-${place}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    line.dataset.url = found.url;
    if (found.flag) {
      const flag = document.createElement("img");
      Object.assign(flag, { src: found.flag, alt: "", width: 24, height: 16 });
      line.append(flag);
    }
    const label = document.createElement("span");
    label.textContent = found.label;
    const hint = document.createElement("span");
    hint.className = "small soft";
    hint.textContent = found.status_label || found.hint;
    line.append(label, hint);
    line.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    line.addEventListener("click", () => location.assign(found.url));
    return line;
  };

  const ask = async () => {
    const words = field.value.trim();
    const number = ++asked;
    if (!words) return close();
    const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!answer?.ok || number !== asked) return; // the form still works; a slow answer comes too late
    const { results } = await answer.json();
    const kept = list.children[chosen]?.dataset.url; // what was chosen meanwhile stays so
    list.replaceChildren(...results.map(item));
    choose(results.findIndex(({ url }) => url === kept));
    list.hidden = results.length === 0;
    field.setAttribute("aria-expanded", String(results.length > 0));
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (list.hidden) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0 && list.children[chosen]) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.url);
    }
  });
}
