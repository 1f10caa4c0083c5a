(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.add("js");

  // A link into a folded conversation unfolds it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: target.matches("details, section") ? "start" : "center" });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Sorting tables.
  const value = (row, column) => row.children[column].dataset.sort ?? row.children[column].textContent.trim();
  all("table.sortable thead button").forEach((button) => button.addEventListener("click", () => {
    const head = button.closest("th");
    const table = button.closest("table");
    const down = head.getAttribute("aria-sort") === "ascending";
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    const [rows] = table.tBodies;
    const sorted = [...rows.children].sort((a, b) => compare(value(a, head.cellIndex), value(b, head.cellIndex)));
    rows.append(...(down ? sorted.reverse() : sorted));
  }));

  // Filtering table and conversations alike.
  const body = document.querySelector("#suite-rows");
  const words = document.querySelector("#filter-words");
  const platform = document.querySelector("#filter-platform");
  const shown = document.querySelector("#filter-shown");
  const verdicts = () => all("#filter input[type=checkbox]").filter((box) => box.checked).map((box) => box.value);
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = verdicts();
    let count = 0;
    all("#suite-rows tr").forEach((row) => {
      const text = row.textContent.toLowerCase();
      const fits = wanted.every((word) => text.includes(word)) && kept.includes(row.dataset.verdict)
        && (!platform.value || platform.value === row.dataset.platform);
      row.hidden = !fits;
      document.getElementById(row.dataset.chat).hidden = !fits;
      count += fits;
    });
    shown.textContent = count === body.children.length ? "" : `${count} of ${body.children.length} shown`;
  };
  if (body) document.querySelector("#filter").addEventListener("input", filter);

  all("[data-fold]").forEach((button) => button.addEventListener("click", () => {
    all("details.chat:not([hidden])").forEach((fold) => { fold.open = button.dataset.fold === "open"; });
  }));

  // Copying a command; where the browser forbids it, the command is selected instead.
  all("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    } catch {
      getSelection().selectAllChildren(code);
    }
  }));
})();
