// Puts a button beside each example that copies it. Without this script, or where the browser does not let it, there is none.
const page = document.querySelector("[data-copy]");

if (page && navigator.clipboard) {
  for (const code of page.querySelectorAll("pre.code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = page.dataset.copy;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = page.dataset.copied;
      setTimeout(() => { button.textContent = page.dataset.copy; }, 2000);
    });
    const box = document.createElement("div");
    box.className = "copyable";
    code.replaceWith(box);
    box.append(code, button);
  }
}
