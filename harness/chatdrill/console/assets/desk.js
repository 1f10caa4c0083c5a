// The agent's side: who waits, the tickets, and what an agent does in one.
import { html, useLayoutEffect, useRef, useState, clockTime } from "./lib.js";
import { base } from "./api.js";
import { agentDoes, setup, state, version, world } from "./store.js";

const OWNERS = { queue: "waits", agent: "with an agent", bot: "with the bot", none: "over" };
const ORDER = ["queue", "agent", "bot", "none"];

function File({ desk, file }) {
  if (!file.sha256) return html`<span class="placeholder">${file.name || file.mime || "file"}</span>`;
  const source = `${base}blob/${encodeURIComponent(desk)}/${file.sha256}`;
  if ((file.mime || "").startsWith("image/")) return html`<img class="shot" src=${source} alt=${file.name || "picture"} loading="lazy" />`;
  return html`<a href=${source} download=${file.name || "file"}>⤓ ${file.name || file.mime}</a>`;
}

function Entry({ entry, desk }) {
  if (entry.line) return html`<p class="system">${clockTime(entry.at)} · ${entry.line}</p>`;
  const isNote = entry.public === false;
  return html`<article class="entry ${entry.author} ${isNote ? "note" : ""}">
    <header><b>${entry.said_by || entry.author}</b>${isNote ? html`<i>note</i>` : null}<time>${clockTime(entry.at)}</time>${entry.status ? html`<small>${entry.status}</small>` : null}</header>
    ${entry.deleted ? html`<em>deleted</em>` : html`<p>${entry.text || (entry.kind ? `[${entry.kind}]` : "")}${entry.edited ? html` <small>(edited)</small>` : null}</p>`}
    ${(entry.files || []).map((file, n) => html`<${File} key=${n} desk=${desk} file=${file} />`)}
  </article>`;
}

function Answer({ ticket, me, acts }) {
  const [text, setText] = useState("");
  const [isNote, setNote] = useState(false);
  const send = () => {
    if (!text.trim()) return;
    agentDoes(ticket, me, isNote ? { act: { act: "note", text } } : { text });
    setText("");
  };
  const key = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); } };
  return html`<div class="answer ${isNote ? "note" : ""}">
    <textarea rows="2" aria-label=${isNote ? "Private note" : "Reply to the customer"} placeholder=${isNote ? "A note that only agents see" : "Reply to the customer"} value=${text} onInput=${(event) => setText(event.target.value)} onKeyDown=${key}></textarea>
    <div>${acts.includes("note") ? html`<label><input type="checkbox" checked=${isNote} onChange=${(event) => setNote(event.target.checked)} /> note</label>` : null}<button class="primary" onClick=${send}>${isNote ? "Add note" : "Reply"}</button></div>
  </div>`;
}

const ACTS = [["accept", "Accept"], ["decline", "Decline"], ["take_over", "Take over"], ["release", "Give back"], ["close", "Close"], ["reopen", "Reopen"]];

function Ticket({ told, desk, me, agents }) {
  version("desk").value;
  const ticket = world.tickets.get(told.ticket) || { entries: [], subject: "", fields: {} };
  const { acts, lacks } = setup.value.desks[desk];
  const [to, setTo] = useState("");
  const log = useRef(null);
  useLayoutEffect(() => { log.current.scrollTop = log.current.scrollHeight; });
  const transfer = () => { if (to) agentDoes(told.ticket, me, { act: { act: "transfer", to_agent: to } }); };
  const fields = Object.entries(ticket.fields);
  return html`<section class="ticket" aria-label="Ticket ${told.ticket}">
    <header><b>#${told.ticket}</b><span>${ticket.subject || ticket.name || ""}</span><i class="owner ${told.owner}">${OWNERS[told.owner]}</i><small>${told.state}${told.agent ? ` · ${told.agent}` : ""}${told.pending ? ` · ${told.pending} on the way` : ""}</small></header>
    ${fields.length ? html`<dl>${fields.slice(0, 12).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${typeof value === "string" ? value : JSON.stringify(value)}</dd>`)}</dl>` : null}
    <div class="entries" ref=${log} role="log" tabindex="0" aria-label="Entries">${ticket.entries.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} desk=${desk} />`)}</div>
    <div class="acts">${ACTS.filter(([name]) => acts.includes(name)).map(([name, title]) => html`<button key=${name} data-act=${name} onClick=${() => agentDoes(told.ticket, me, { act: name })}>${title}</button>`)}
      ${acts.includes("transfer") ? html`<span class="transfer"><select aria-label="Transfer to" value=${to} onChange=${(event) => setTo(event.target.value)}><option value="">to …</option>${agents.filter((one) => one !== me).map((one) => html`<option key=${one}>${one}</option>`)}</select><button onClick=${transfer} disabled=${!to} title=${lacks.transfer || ""}>Transfer</button></span>` : null}</div>
    <${Answer} ticket=${told.ticket} me=${me} acts=${acts} />
  </section>`;
}

export function Desk() {
  const [me, setMe] = useState("bob");
  const [chosen, setChosen] = useState(null);
  const [desk] = Object.keys(setup.value.desks);
  const told = state.value?.desks[desk];
  if (!told) return null;
  const tickets = [...told.tickets].sort((one, other) => ORDER.indexOf(one.owner) - ORDER.indexOf(other.owner));
  const shown = tickets.find((one) => one.ticket === chosen) || tickets[0];
  const waiting = tickets.filter((one) => one.owner === "queue").length;
  return html`<aside class="pane desk" aria-label="Helpdesk">
    <header class="panehead"><h2>${setup.value.desks[desk].title}</h2><span>${waiting ? `${waiting} waiting` : "nobody waits"}</span>
      <label>I am <input list="agents" value=${me} onInput=${(event) => setMe(event.target.value.trim())} aria-label="The agent that you are" /><datalist id="agents">${told.agents.map((one) => html`<option key=${one} value=${one} />`)}</datalist></label>
      ${setup.value.desks[desk].acts.includes("set_presence") ? html`<select aria-label="Presence" onChange=${(event) => agentDoes(null, me, { act: { act: "set_presence", presence: event.target.value } })}><option>online</option><option>away</option><option>offline</option></select>` : null}
    </header>
    <div class="queue" role="list">${tickets.map((one) => html`<button role="listitem" key=${one.ticket} class=${shown === one ? "chosen" : ""} onClick=${() => setChosen(one.ticket)}>
      <i class="owner ${one.owner}">${OWNERS[one.owner]}</i><b>#${one.ticket}</b><span>${(one.conv || "").split("/").at(-1)}</span><small>${one.state}</small></button>`)}</div>
    ${shown ? html`<${Ticket} key=${shown.ticket} told=${shown} desk=${desk} me=${me || "bob"} agents=${[...new Set(["alice", ...told.agents])]} />` : html`<p class="empty">No ticket yet: the bot has made none. Ask it for a person.</p>`}
  </aside>`;
}
