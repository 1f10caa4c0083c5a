// What went over the wire, in order: webhooks out, calls in, with every byte, and the way to send one again.
import { html, useEffect, useState, clockTime, size, took } from "./lib.js";
import { ask, tell } from "./api.js";
import { picked, sendAgain, setup, version, world } from "./store.js";

const SHOWN_MAX = 250;
const SIGNS = { webhook: "→", call: "←", dropped: "✕", fault: "⚡", trouble: "!", bot: "●" };

function pretty(text, type) {
  if (/json/.test(type) || /^\s*[[{]/.test(text)) {
    try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
  }
  if (/x-www-form-urlencoded/.test(type)) return [...new URLSearchParams(text)].map(([name, value]) => `${name} = ${value}`).join("\n");
  return text;
}

const typeOf = (headers) => headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] || "";

function Body({ of, isRaw }) {
  if (!of.size) return html`<p class="none">no body</p>`;
  if (of.base64) return html`<pre class="base64">${of.base64}</pre><small>${size(of.size)} that are no text, in base64</small>`;
  return html`<pre>${isRaw ? of.text : pretty(of.text, typeOf(of.headers))}</pre>${of.cut ? html`<small>the beginning of ${size(of.size)}</small>` : null}`;
}

function Headers({ of, signedBy = [] }) {
  return html`<table class="headers"><tbody>${of.map(([name, value], n) => html`<tr key=${n} class=${signedBy.includes(name) ? "signed" : ""}><th>${name}${signedBy.includes(name) ? html`<i title="proves who sends">key</i>` : null}</th><td>${value}</td></tr>`)}</tbody></table>`;
}

function Exchange({ row }) {
  const [found, setFound] = useState(null);
  const [isRaw, setRaw] = useState(false);
  useEffect(() => { ask("GET", `wire/${row.n}`).then(setFound, (error) => setFound({ error: error.message })); }, [row.n]);
  if (!found) return html`<div class="exchange">…</div>`;
  if (found.error) return html`<div class="exchange"><p class="none">${found.error}</p></div>`;
  const { request, answer } = found;
  const copy = () => navigator.clipboard.writeText(request.text || "").then(() => tell("The body is on the clipboard."), () => tell("The browser does not allow copying.", true));
  return html`<div class="exchange">
    <div class="tools"><div role="group" aria-label="How bodies are shown"><button aria-pressed=${!isRaw} onClick=${() => setRaw(false)}>Pretty</button><button aria-pressed=${isRaw} onClick=${() => setRaw(true)}>Raw</button></div>
      ${found.can_repeat ? html`<button class="again" onClick=${() => sendAgain(row.n, 1)} title="The same bytes with the same id, once more">Send again</button><button class="twice" onClick=${() => sendAgain(row.n, 2)} title="Two copies at the same moment">Send twice</button>` : null}
      <button onClick=${copy}>Copy body</button></div>
    <h4>Request <small>${size(request.size)}</small></h4>
    <p class="http">${request.line}</p><${Headers} of=${request.headers} signedBy=${request.signed_by} /><${Body} of=${request} isRaw=${isRaw} />
    <h4>Answer ${answer.status ? html`<small>${answer.status} · ${size(answer.size)} · ${took(row.took_s)}</small>` : html`<small class="bad">${answer.failure}: ${answer.detail}</small>`}</h4>
    ${answer.status ? html`<${Headers} of=${answer.headers} /><${Body} of=${answer} isRaw=${isRaw} />` : null}
    ${found.updates.length ? html`<p class="none">${found.updates.map((update) => `${update.kind} ${update.id}`).join(" · ")}</p>` : null}
  </div>`;
}

function Row({ row, isOpen, onOpen }) {
  const opens = row.row === "webhook" || row.row === "call";
  const status = row.status ?? (opens ? "—" : "");
  const note = [row.number > 1 ? `attempt ${row.number}` : "", row.note, row.retry_in_s != null ? `again in ${Math.round(row.retry_in_s)} s` : "", row.error].filter(Boolean).join(" · ");
  return html`<li class="wirerow ${row.row} ${row.ok === false ? "bad" : ""}" data-n=${row.n}>
    <button class="summary" aria-expanded=${isOpen} disabled=${!opens} onClick=${onOpen}>
      <i class="sign" title=${row.row}>${SIGNS[row.row]}</i><time>${clockTime(row.at, true)}</time><b class="platform">${row.platform || ""}</b>
      <span class="title" title=${row.title}>${row.title}${row.conv ? html`<em> ${row.conv.split("/").at(-1)}</em>` : null}</span><span class="code">${status}</span><span class="time">${opens ? took(row.took_s) : ""}</span>
      ${note ? html`<small class="note">${note}</small>` : null}
    </button>
    ${isOpen ? html`<${Exchange} row=${row} />` : null}
  </li>`;
}

const KINDS = [["all", "All"], ["webhook", "Webhooks"], ["call", "Calls"], ["bad", "Failures"]];

function wanted(row, kind, words, conv) {
  if (kind === "bad" ? row.ok !== false : kind !== "all" && row.row !== kind) return false;
  if (conv && row.conv !== conv && !(row.convs || []).includes(conv)) return false;
  if (!words) return true;
  const hay = `${row.row} ${row.title} ${row.platform || ""} ${row.conv || ""} ${row.note || ""} ${row.error || ""} ${row.status ?? ""} ${row.body || ""}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

export function Wire() {
  version("wire").value;
  const [kind, setKind] = useState("all");
  const [words, setWords] = useState("");
  const [isMine, setMine] = useState(false);
  const [open, setOpen] = useState(new Set());
  const found = world.wire.filter((row) => wanted(row, kind, words, isMine ? picked.value : null));
  const rows = found.slice(-SHOWN_MAX).reverse();
  const toggle = (n) => { const next = new Set(open); if (!next.delete(n)) next.add(n); setOpen(next); };
  return html`<aside class="pane wire" aria-label="Wire">
    <header class="panehead"><h2>Wire</h2><span>${found.length} of ${world.wire.length}</span>
      <input type="search" placeholder="Filter" aria-label="Filter the wire" value=${words} onInput=${(event) => setWords(event.target.value)} />
      <label title="Only the phone that you wrote in last"><input type="checkbox" checked=${isMine} onChange=${(event) => setMine(event.target.checked)} /> this phone</label></header>
    <div class="kinds" role="group" aria-label="Which">${KINDS.map(([name, title]) => html`<button key=${name} aria-pressed=${kind === name} onClick=${() => setKind(name)}>${title}</button>`)}</div>
    <ol class="wirerows">${rows.map((row) => html`<${Row} key=${row.n} row=${row} isOpen=${open.has(row.n)} onOpen=${() => toggle(row.n)} />`)}</ol>
    ${found.length > SHOWN_MAX ? html`<p class="empty">The newest ${SHOWN_MAX} of ${found.length}; filter for older ones.</p>` : null}
    ${rows.length ? null : html`<p class="empty">${world.wire.length ? "Nothing that is filtered for." : `Nothing yet between ${Object.keys(setup.value.platforms).length} platforms and the bot.`}</p>`}
  </aside>`;
}
