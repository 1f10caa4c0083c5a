(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.add("js");

  // Conversations that travel packed are drawn when somebody wants them.
  const chats = () => all("details.chat");
  const packs = () => all("template.packed");
  const left = document.querySelector("#packed-left");
  const unpack = async (pack) => {
    const bytes = Uint8Array.from(atob(pack.content.textContent.trim()), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const drawn = document.createElement("template");
    drawn.innerHTML = await new Response(stream).text();
    if (!pack.isConnected) return;
    pack.replaceWith(drawn.content);
    hideChats();
    const count = packs().reduce((sum, one) => sum + Number(one.dataset.last) - Number(one.dataset.first) + 1, 0);
    document.querySelector("#unpack").hidden = !count;
    left.textContent = count ? `${count} more conversations` : "";
  };
  const packOf = (id) => {
    const number = Number(/^c(\d+)/.exec(id)?.[1]);
    return packs().find((pack) => number >= Number(pack.dataset.first) && number <= Number(pack.dataset.last));
  };

  // A link into a folded conversation unfolds it.
  const reveal = async () => {
    const id = location.hash.slice(1);
    if (!id) return;
    const chat = document.getElementById(id) ? "" : document.querySelector(`a[href="#${CSS.escape(id)}"]`)?.dataset.chat ?? id;
    const pack = chat && packOf(chat);
    if (pack) await unpack(pack);
    const target = document.getElementById(id) ?? document.getElementById(chat);
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: target.matches("details, section") ? "start" : "center" });
  };
  addEventListener("hashchange", reveal);
  document.querySelector("#unpack")?.addEventListener("click", () => packs().slice(0, 4).forEach(unpack));

  // The table of conversations: all its rows are known, so many of them are in the page.
  const body = document.querySelector("#suite-rows");
  const atOnce = Number(body?.dataset.atOnce);
  const more = document.querySelector("#suite-more");
  let rows = body ? [...body.rows, ...(more ? more.content.querySelectorAll("tr") : [])] : [];
  const texts = new Map();
  const textOf = (row) => texts.get(row) ?? texts.set(row, row.textContent.toLowerCase()).get(row);
  let fitting = new Set(rows);
  let showsAll = false;
  const hideChats = () => {
    const kept = new Set([...fitting].map((row) => row.dataset.chat));
    chats().forEach((chat) => { chat.hidden = fitting.size < rows.length && !kept.has(chat.id); });
  };
  const showRows = () => {
    const chosen = rows.filter((row) => fitting.has(row));
    const some = showsAll ? chosen : chosen.slice(0, atOnce);
    body.replaceChildren(...some);
    const end = document.querySelector("#suite-left");
    end.hidden = some.length === chosen.length;
    end.querySelector(".hint").textContent = `${chosen.length - some.length} more`;
  };
  document.querySelector("#suite-all")?.addEventListener("click", () => { showsAll = true; showRows(); });

  // Sorting it, and others.
  const value = (row, column) => row.children[column].dataset.sort ?? row.children[column].textContent.trim();
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  all("table.sortable thead button").forEach((button) => button.addEventListener("click", () => {
    const head = button.closest("th");
    const down = head.getAttribute("aria-sort") === "ascending";
    all("th[aria-sort]", head.parentElement).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const [own] = head.closest("table").tBodies;
    const sorted = own === body ? rows : [...own.rows];
    const keys = new Map(sorted.map((row) => [row, value(row, head.cellIndex)]));
    sorted.sort((a, b) => compare(keys.get(a), keys.get(b)) * (down ? -1 : 1));
    if (own === body) showRows(); else own.append(...sorted);
  }));

  // Filtering table and conversations alike.
  const words = document.querySelector("#filter-words");
  const platform = document.querySelector("#filter-platform");
  const shown = document.querySelector("#filter-shown");
  const verdicts = () => all("#filter input[type=checkbox]").filter((box) => box.checked).map((box) => box.value);
  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = verdicts();
    fitting = new Set(rows.filter((row) => kept.includes(row.dataset.verdict)
      && (!platform.value || platform.value === row.dataset.platform)
      && wanted.every((word) => textOf(row).includes(word))));
    showRows();
    hideChats();
    shown.textContent = fitting.size === rows.length ? "" : `${fitting.size} of ${rows.length} shown`;
  };
  if (body) document.querySelector("#filter").addEventListener("input", filter);
  reveal();

  all("[data-fold]").forEach((button) => button.addEventListener("click", () => {
    chats().filter((fold) => !fold.hidden).forEach((fold) => { fold.open = button.dataset.fold === "open"; });
  }));

  // Copying a command; where the browser forbids it, the command is selected instead.
  addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const code = button.previousElementSibling;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    } catch {
      getSelection().selectAllChildren(code);
    }
  });
})();
