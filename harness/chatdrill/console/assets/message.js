// A message: its bubble, its parts, its ticks, and what can be done with it.
import { html, icon, useState, clockTime } from "./lib.js";
import { act, can } from "./store.js";
import { PARTS } from "./parts.js";
import { ListMenu, Rows } from "./keyboards.js";

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const TICK = {
  double: { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "⚠" },
  words: { sent: "Sent", delivered: "Delivered", read: "Seen", failed: "Not delivered" },
  circle: { sent: "○", delivered: "✓", read: "◉", failed: "⚠" },
  none: { sent: "", delivered: "", read: "", failed: "⚠" },
};

function words(item) {
  const found = item.parts.map((part) => part.text || part.caption?.text || (part.kind ? `[${part.kind}]` : `[${part.part}]`));
  return found.join(" ").slice(0, 90);
}

function Quote({ chat, id }) {
  const quoted = chat.byId.get(id);
  return html`<blockquote>${quoted ? html`<b>${quoted.author === "customer" ? "You" : "Bot"}</b> ${words(quoted)}` : "an earlier message"}</blockquote>`;
}

function Tools({ item, phone, onReply, onEdit }) {
  const [isOpen, setOpen] = useState(false);
  const [id] = item.ids;
  const isOwn = item.author === "customer";
  if (!id || item.deleted) return null;
  const does = (what) => () => { setOpen(false); what(); };
  const edit = isOwn && can(phone.platform, "edit") && item.parts.some((part) => part.part === "text");
  return html`<span class="tools ${isOpen ? "open" : ""}">
    <button class="more" aria-label="Do something with this message" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${icon("more")}</button>
    ${isOpen ? html`<span class="menu" role="menu">
      <button role="menuitem" onClick=${does(() => onReply({ id, text: words(item) }))}>Reply</button>
      ${edit ? html`<button role="menuitem" onClick=${does(() => onEdit({ id, text: item.parts.find((part) => part.part === "text").text }))}>Edit</button>` : null}
      ${isOwn && can(phone.platform, "delete") ? html`<button role="menuitem" onClick=${does(() => act(phone, { act: "delete", message_id: id }))}>Delete</button>` : null}
      ${can(phone.platform, "react") && !isOwn ? html`<span class="emoji">${EMOJI.map((emoji) => html`<button key=${emoji} role="menuitem" aria-label="React with ${emoji}" onClick=${does(() => act(phone, { act: "react", message_id: id, emoji: item.reactions.customer === emoji ? null : emoji }))}>${emoji}</button>`)}</span>` : null}
    </span>` : null}
  </span>`;
}

const KEYS = { inline: true, list: true };
const isKeys = (part) => part.part === "keyboard" && KEYS[part.style];
const isShown = (part) => part.part !== "keyboard" && part.part !== "keyboard_removed" && part.part !== "reply_forced";

function Keyboards({ item, phone }) {
  return item.parts.filter(isKeys).map((part, n) => part.style === "list"
    ? html`<${ListMenu} key=${n} phone=${phone} part=${part} message=${item.ids[0]} />`
    : html`<${Rows} key=${n} phone=${phone} rows=${part.rows} message=${item.ids[0]} />`);
}

export function Message({ item, chat, phone, skin, seen, onReply, onEdit }) {
  const side = item.author === "customer" ? "mine" : "theirs";
  const shown = item.deleted ? [] : item.parts.filter(isShown);
  const isBare = shown.length === 1 && shown[0].part === "media" && ["sticker", "video_note"].includes(shown[0].kind);
  const reactions = [item.reactions.customer, item.reactions.bot].filter(Boolean);
  const isInside = skin.inline === "inside";
  const isWide = shown.some((part) => part.part === "carousel");
  return html`<article class="row ${side} ${isWide ? "wide" : ""} ${item.author}" data-id=${item.ids[0]}>
    <div class="stack">
      <div class="bubble ${isBare ? "bare" : ""} ${shown.some((part) => part.part === "media") ? "has-media" : ""}">
        ${skin.layout !== "bubbles" || item.author === "agent" || item.sender ? html`<b class="sender">${item.sender || (side === "mine" ? phone.customer : item.author === "agent" ? "Agent" : "Bot")}</b>` : null}
        ${item.forwarded ? html`<small class="forwarded">forwarded</small>` : null}
        ${item.replyTo ? html`<${Quote} chat=${chat} id=${item.replyTo} />` : null}
        ${item.deleted ? html`<em class="gone">This message was deleted</em>` : shown.map((part, n) => html`<div key=${n} class="part part-${part.part}">${(PARTS[part.part] || PARTS.other)(part, phone, item)}</div>`)}
        <footer>${item.pressed ? html`<span title="by pressing a button">⏎</span>` : null}${item.edits && !item.deleted ? html`<span>edited</span>` : null}<time>${clockTime(item.at)}</time>${side === "mine" && item.tick ? html`<span class="tick ${item.tick}" title=${item.tick}>${TICK[skin.ticks][item.tick]}</span>` : null}</footer>
        ${isInside && !item.deleted ? html`<${Keyboards} item=${item} phone=${phone} />` : null}
      </div>
      ${reactions.length ? html`<span class="reactions">${reactions.join(" ")}</span>` : null}
      ${!isInside && !item.deleted ? html`<${Keyboards} item=${item} phone=${phone} />` : null}
    </div>
    <${Tools} item=${item} phone=${phone} seen=${seen} onReply=${onReply} onEdit=${onEdit} />
  </article>`;
}
