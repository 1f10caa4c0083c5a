// The frame: the bar at the top, the phones, the panes, and what lies above them.
import { html, icon, useEffect, useRef } from "./lib.js";
import { toasts } from "./api.js";
import { dialog, faults, live, phones, setTheme, setup, state, theme, version, view, world } from "./store.js";
import { Clock, Dialogs } from "./panels.js";
import { Phone } from "./phone.js";
import { Desk } from "./desk.js";
import { Wire } from "./wire.js";

const THEMES = { system: "dark", dark: "light", light: "system" };

function Bar() {
  const shows = (name) => () => { dialog.value = { name }; };
  const bot = version("bot").value >= 0 && world.bot;
  return html`<header class="bar">
    <h1><img src="assets/icon.svg" alt="" />chatdrill</h1>
    <${Clock} />
    <nav class="tools" aria-label="Tools">
      <button onClick=${shows("add")} title="Add a customer (n)">${icon("plus")}<span>Customer</span></button>
      <button onClick=${shows("faults")} title="Faults (f)">${icon("bolt")}<span>Faults</span>${faults.value.length ? html`<i class="count">${faults.value.length}</i>` : null}</button>
      <button onClick=${shows("save")} title="Save as scenario (s)">${icon("save")}<span>Save as scenario</span></button>
    </nav>
    <p class="status ${live.value}" role="status"><i></i>${live.value === "live" ? (bot && ["exited", "unreachable"].includes(bot.state) ? `bot ${bot.state}` : "live") : live.value === "lost" ? "reconnecting" : "connecting"}</p>
    <button class="round" title="Colours: ${theme.value}" aria-label="Colours: ${theme.value}" onClick=${() => setTheme(THEMES[theme.value])}>${icon(theme.value)}</button>
    <button class="round" title="Keys and help (?)" aria-label="Help" onClick=${shows("help")}>?</button>
  </header>`;
}

function Nobody() {
  return html`<div class="nobody"><h2>Nobody is here yet</h2>
    <p>Add a customer, write to your bot, and watch on the right what goes over the wire.</p>
    <button class="primary" onClick=${() => { dialog.value = { name: "add" }; }}>Add a customer</button></div>`;
}

function Tabs() {
  const hasDesk = Object.keys(setup.value.desks).length > 0;
  const names = [["phones", "Phones"], ...(hasDesk ? [["desk", "Desk"]] : []), ["wire", "Wire"]];
  return html`<nav class="tabs" aria-label="Panes">${names.map(([name, title]) => html`
    <button key=${name} data-tab=${name} aria-pressed=${view.value === name} onClick=${() => { view.value = name; }}>${title}</button>`)}</nav>`;
}

function Toasts() {
  const box = useRef(null);
  useEffect(() => { // a dialog lies above the page: what is shown last lies above the dialog
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (toasts.value.length) box.current.showPopover();
  }, [toasts.value]);
  return html`<div ref=${box} popover="manual" class="toasts" role="alert" aria-live="polite">${toasts.value.map((one) => html`<p key=${one.id} class=${one.isBad ? "bad" : ""}>${one.text}</p>`)}</div>`;
}

const KEYS = {
  n: () => { dialog.value = { name: "add" }; },
  f: () => { dialog.value = { name: "faults" }; },
  s: () => { dialog.value = { name: "save" }; },
  "?": () => { dialog.value = { name: "help" }; },
  w: () => { view.value = "wire"; },
  d: () => { view.value = "desk"; },
  p: () => { view.value = "phones"; },
};

function onKey(event) {
  if (event.key === "Escape") { dialog.value = null; return; }
  const isWriting = event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey;
  if (isWriting) return;
  const nth = Number(event.key) - 1;
  const writing = document.querySelectorAll(".phone textarea")[nth];
  if (writing) { event.preventDefault(); writing.focus(); writing.scrollIntoView({ inline: "center" }); }
  if (KEYS[event.key]) { event.preventDefault(); KEYS[event.key](); }
}

export function App() {
  useEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const hasDesk = Object.keys(setup.value.desks).length > 0;
  const shown = view.value === "desk" && !hasDesk ? "wire" : view.value;
  return html`<div class="app ${hasDesk ? "with-desk" : ""}" data-view=${shown}>
    <${Bar} />
    <main class="phones" aria-label="Customers">
      ${state.value && phones.value.length ? phones.value.map((phone, n) => html`<${Phone} key=${phone.conv} phone=${phone} nth=${n + 1} />`) : html`<${Nobody} />`}
    </main>
    ${hasDesk ? html`<${Desk} />` : null}
    <${Wire} />
    <${Tabs} />
    <${Dialogs} />
    <${Toasts} />
  </div>`;
}
