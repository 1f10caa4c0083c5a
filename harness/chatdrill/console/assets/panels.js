// The clock, and what opens above the page: a new customer, faults, saving, help.
import { html, icon, useEffect, useRef, useState, clockTime, day } from "./lib.js";
import { attempt } from "./api.js";
import { dialog, faults, hidden, hide, isJumping, join, jump, phones, refresh, setup, state } from "./store.js";

const JUMPS = [[60, "+1 min", "a minute"], [3600, "+1 h", "an hour"], [86400, "+1 day", "a day"]];

export function Clock() {
  const [, draw] = useState(0);
  useEffect(() => { const timer = setInterval(() => draw((n) => n + 1), 1000); return () => clearInterval(timer); }, []);
  const clock = state.value?.clock;
  const came = useRef({ clock: null, at: 0 });
  if (!clock) return null;
  if (came.current.clock !== clock) came.current = { clock, at: Date.now() };
  const now = clock.now + ((Date.now() - came.current.at) / 1000) * clock.speed;
  const why = clock.virtual ? "" : "Time passes here and does not jump: start with --clock virtual";
  return html`<div class="clock" role="group" aria-label="Clock"><time title="Drill time, UTC">${day(now)} <b>${clockTime(now, true)}</b></time>
    ${JUMPS.map(([seconds, short, title]) => html`<button key=${seconds} data-jump=${seconds} disabled=${!clock.virtual || isJumping.value} title=${why || `Jump ${title}`} onClick=${() => jump(seconds)}>${short}</button>`)}
    ${isJumping.value ? html`<em>jumping …</em>` : null}</div>`;
}

const close = () => { dialog.value = null; };

function Frame({ title, children, wide }) {
  const box = useRef(null);
  useEffect(() => { box.current.showModal(); }, []);
  return html`<dialog ref=${box} class=${wide ? "wide" : ""} aria-label=${title} onClose=${close} onClick=${(event) => { if (event.target === box.current) close(); }}>
    <header><h2>${title}</h2><button aria-label="Close" onClick=${close}>${icon("close")}</button></header><div class="inside">${children}</div></dialog>`;
}

const NAMES = ["Anna", "Ben", "Chloé", "Darek", "Елена", "Farid", "Grace", "Hana"];

function Add() {
  const names = Object.keys(setup.value.platforms);
  const [name, setName] = useState(NAMES[phones.value.length % NAMES.length]);
  const add = async (platform) => { if (name.trim() && await join(platform, name)) close(); };
  const away = Object.entries(state.value.channels).flatMap(([platform, channel]) => channel.chats.filter((chat) => hidden.value.has(chat.conv)).map((chat) => ({ ...chat, platform })));
  return html`<${Frame} title="Add a customer"><label>Name <input autofocus value=${name} onInput=${(event) => setName(event.target.value)} onKeyDown=${(event) => { if (event.key === "Enter") add(names[0]); }} /></label>
    <p>on</p><div class="choices">${names.map((platform) => html`<button key=${platform} data-platform=${platform} onClick=${() => add(platform)}>${setup.value.platforms[platform].title}</button>`)}</div>
    ${away.length ? html`<h3>Put away</h3><div class="choices">${away.map((chat) => html`<button key=${chat.conv} onClick=${() => { hide(chat.conv, false); close(); }}>${chat.customer} on ${chat.platform}</button>`)}</div>` : null}<//>`;
}

const MENU = [
  ["The next call of the bot fails (500)", { where: "api", kind: "status", status: 500 }],
  ["The next call is refused for its rate (429)", { where: "api", kind: "status", status: 429, retry_after_s: 2 }],
  ["The next call waits 3 s", { where: "api", kind: "delay", delay_s: 3 }],
  ["The next call is cut before it is handled", { where: "api", kind: "reset" }],
  ["The next call works, its answer is lost", { where: "api", kind: "drop" }],
  ["The next webhook comes twice", { where: "webhook", kind: "duplicate" }],
  ["The next webhook comes twice at the same moment", { where: "webhook", kind: "twin" }],
  ["The next webhook is 5 s late", { where: "webhook", kind: "delay", delay_s: 5 }],
  ["The next webhook is overtaken", { where: "webhook", kind: "swap" }],
  ["The next webhook's 200 is lost", { where: "webhook", kind: "unacknowledged" }],
  ["The next webhook is lost for good", { where: "webhook", kind: "drop" }],
];

function Faults() {
  const [platform, setPlatform] = useState("*");
  const [times, setTimes] = useState("1");
  const accounts = [...Object.keys(setup.value.platforms), ...Object.keys(setup.value.desks)];
  const add = async (fault) => { await attempt("POST", "faults", { ...fault, platform, times: times === "always" ? null : Number(times) }); refresh(); };
  const clear = async () => { await attempt("DELETE", "faults"); refresh(); };
  return html`<${Frame} title="Faults"><div class="filters"><label>on <select value=${platform} onChange=${(event) => setPlatform(event.target.value)}><option value="*">everything</option>${accounts.map((name) => html`<option key=${name}>${name}</option>`)}</select></label>
    <label>how often <select value=${times} onChange=${(event) => setTimes(event.target.value)}>${["1", "2", "5", "always"].map((each) => html`<option key=${each}>${each}</option>`)}</select></label></div>
    <div class="choices long">${MENU.map(([title, fault]) => html`<button key=${title} data-fault=${`${fault.where}-${fault.kind}`} onClick=${() => add(fault)}>${title}</button>`)}</div>
    <h3>Waiting to strike</h3>${faults.value.length ? html`<ul class="waiting">${faults.value.map((fault, n) => html`<li key=${n}>${fault.where} ${fault.kind}${fault.kind === "status" ? ` ${fault.status || 500}` : ""} on ${fault.platform || "*"}${fault.times === null ? ", always" : fault.times > 1 ? `, ${fault.times} times` : ""}</li>`)}</ul><button onClick=${clear}>Clear all</button>` : html`<p class="none">none</p>`}<//>`;
}

function Save() {
  const [name, setName] = useState("By hand");
  const [folder, setFolder] = useState("drills");
  const [convs, setConvs] = useState(phones.value.map((phone) => phone.conv));
  const [made, setMade] = useState(null);
  const latest = useRef(0);
  const make = async (into) => {
    if (!convs.length) { setMade(null); return; }
    const asked = (latest.current += 1);
    const told = await attempt("POST", "scenario", { name, convs, ...(into ? { folder } : {}) });
    if (asked === latest.current && (told || !into)) setMade(told);
  };
  useEffect(() => { const timer = setTimeout(make, 120, false); return () => clearTimeout(timer); }, [name, convs]);
  const load = () => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([made.text], { type: "text/yaml" })), download: made.file });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const toggle = (conv) => setConvs((had) => (had.includes(conv) ? had.filter((one) => one !== conv) : [...had, conv]));
  return html`<${Frame} title="Save as scenario" wide><label>Name <input autofocus value=${name} onInput=${(event) => setName(event.target.value)} /></label>
    <div class="filters">${phones.value.map((phone) => html`<label key=${phone.conv}><input type="checkbox" checked=${convs.includes(phone.conv)} onChange=${() => toggle(phone.conv)} /> ${phone.customer} on ${phone.platform}</label>`)}</div>
    ${made ? html`<pre class="yaml">${made.text}</pre>
      ${made.notes.length ? html`<ul class="notes">${made.notes.map((note) => html`<li key=${note}>${note}</li>`)}</ul>` : null}
      ${made.files.length ? html`<p class="none">with ${made.files.join(", ")}; files go along when it is written into a folder</p>` : null}
      <div class="filters"><button class="primary download" onClick=${load}>Download ${made.file}</button>
        <label>or into <input value=${folder} aria-label="Folder" title="below ${setup.value.folder}" onInput=${(event) => setFolder(event.target.value)} /></label><button class="write" onClick=${() => make(true)}>Write</button></div>
      ${made.written.length ? html`<p class="written">Written: ${made.written.join(", ")}. Play it: <code>chatdrill run ${made.written[0]} …</code></p>` : null}` : html`<p class="none">Nothing to show: choose somebody who has said something, and a name.</p>`}<//>`;
}

const HELP = [["?", "this list"], ["n", "a new customer"], ["1 … 9", "write on that phone"], ["Enter", "send"], ["Shift+Enter", "a new line in a message"], ["Ctrl+Enter", "send as a burst: every line is a message"], ["Esc", "leave off: no reply, no edit, close"], ["w, d, p", "the wire, the desk, the phones (where there is room for one)"], ["f", "faults"], ["s", "save as scenario"], ["Tab", "from phone to phone, then the desk, then the wire"]];

function Help() {
  return html`<${Frame} title="Keys and help"><dl class="help">${HELP.map(([key, what]) => html`<dt key=${key}><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
    <p>Drop or paste a file onto a phone to attach it. ⋯ beside a message replies, edits, deletes or reacts. Press a button twice quickly: that is a double tap, and the bot gets both.</p>
    <p class="none">chatdrill ${setup.value.version}</p><//>`;
}

function Picture({ source, title }) {
  return html`<${Frame} title=${title} wide><img class="large" src=${source} alt=${title} /><//>`;
}

const DIALOGS = { add: Add, faults: Faults, save: Save, help: Help, picture: Picture };

export function Dialogs() {
  const shown = dialog.value;
  return shown ? html`<${DIALOGS[shown.name]} key=${shown.name} ...${shown} />` : null;
}
