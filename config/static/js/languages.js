// Offers the language that the browser asks for, where the page is in another one: once, to be refused, without a cookie.
// Without this script the languages stand in the head of the page all the same.
const KEY = "language-offered";

const links = [...document.querySelectorAll(".languages a[hreflang]")];

// "fr-CH" is served by "fr", "zh-TW" by "zh-Hans"; the first wish that there is counts.
const wished = () => {
  for (const tag of navigator.languages) {
    const [first] = tag.toLowerCase().split("-");
    const link = links.find((each) => each.hreflang.toLowerCase().split("-")[0] === first);
    if (link) {
      return link;
    }
  }
};

const offer = (link) => {
  const box = document.createElement("p");
  box.className = "offer wrap";
  box.lang = link.hreflang;
  box.dir = link.dir;
  const yes = document.createElement("a");
  yes.href = link.href;
  yes.hreflang = link.hreflang;
  yes.textContent = link.dataset.offer;
  const no = document.createElement("button");
  no.type = "button";
  no.className = "button button--quiet";
  no.textContent = link.dataset.refusal;
  no.addEventListener("click", () => box.remove());
  box.append(yes, " ", no);
  link.closest("nav").after(box);
};

try {
  const link = wished();
  if (link && !link.hasAttribute("aria-current") && !localStorage.getItem(KEY)) {
    localStorage.setItem(KEY, "1");
    offer(link);
  }
  // Who has chosen a language is asked no more.
  for (const each of links) {
    each.addEventListener("click", () => localStorage.setItem(KEY, "1"));
  }
} catch (error) {
  // Without a memory a refusal would be forgotten: nothing is offered.
  if (!(error instanceof DOMException)) {
    throw error;
  }
}
