// What can be pressed: under a message, in place of the keys, as chips above the input, behind a list's button, on a card.
import { html, useState } from "./lib.js";
import { tell } from "./api.js";
import { press } from "./store.js";

/** A button may be pressed as often as a thumb can: nothing here waits for the answer, so a double tap is two presses. */
export function PressButton({ phone, button, message, onDone }) {
  const leads = button.url && button.kind === "url";
  const pressed = () => {
    if (leads) tell(`${button.title}: leads to ${button.url}. The console opens no other page.`);
    else if (button.kind === "copy") tell(`Copies: ${button.payload || button.title}`);
    else if (button.kind === "call") tell(`Calls ${button.payload || button.url || ""}`);
    else press(phone, button, message);
    if (onDone) onDone();
  };
  return html`<button class="key kind-${button.kind}" title=${leads ? button.url : button.description || undefined} onClick=${pressed}>
    <span>${SIGNS[button.kind] ? `${SIGNS[button.kind]} ` : ""}${button.title}</span>${onDone && button.description ? html`<small>${button.description}</small>` : null}</button>`;
}
const SIGNS = { url: "↗", call: "☎", copy: "⧉", request_contact: "☎", request_location: "⌖", request_email: "✉" };

export function Rows({ phone, rows, message }) {
  return html`<div class="keys">${rows.map((row, n) => html`<div class="keyrow" key=${n}>${row.map((button, m) => html`<${PressButton} key=${m} phone=${phone} button=${button} message=${message} />`)}</div>`)}</div>`;
}

export function ListMenu({ phone, part, message }) {
  const [isOpen, setOpen] = useState(false);
  const buttons = part.rows.flat();
  const sections = [...new Set(buttons.map((button) => button.section || ""))];
  return html`<div class="keys"><button class="key list" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}><span>☰ ${part.label || "Choose"}</span></button>
    ${isOpen ? html`<div class="sheet" role="menu">${sections.map((name) => html`<div key=${name}>${name ? html`<h4>${name}</h4>` : null}
      ${buttons.filter((button) => (button.section || "") === name).map((button, n) => html`<${PressButton} key=${n} phone=${phone} button=${button} message=${message} onDone=${() => setOpen(false)} />`)}</div>`)}</div>` : null}</div>`;
}

/** What the bot has put above or in place of the customer's keys. */
export function Keys({ phone, chat }) {
  return html`${chat.quick ? html`<div class="chips" role="group" aria-label="Quick replies">${chat.quick.rows.flat().map((button, n) => html`<${PressButton} key=${n} phone=${phone} button=${button} message=${chat.quick.message} />`)}</div>` : null}
    ${chat.keyboard ? html`<div class="panel" role="group" aria-label="Reply keyboard"><${Rows} phone=${phone} rows=${chat.keyboard.rows} message=${chat.keyboard.message} /></div>` : null}`;
}
