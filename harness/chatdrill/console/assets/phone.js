// One customer's phone. What differs between platforms is data, a skin; the rest is the same for all.
import { html, icon, useEffect, useLayoutEffect, useRef, useState, day } from "./lib.js";
import { tell } from "./api.js";
import { act, can, hide, isDark, picked, setup, skins, version, world } from "./store.js";
import { Composer } from "./composer.js";
import { Message } from "./message.js";
import { Keys } from "./keyboards.js";

const TYPING_SHOWN_MS = 5000;
const NAMES = { header: "--header", headerText: "--header-text", wall: "--wall", mine: "--mine", mineText: "--mine-text", theirs: "--theirs", theirsText: "--theirs-text", accent: "--accent", button: "--button", buttonText: "--button-text", tick: "--tick" };

export const skinOf = (platform) => skins.value[platform] || skins.value.declared;

function colours(skin) {
  const set = isDark.value ? skin.dark : skin.light;
  const style = { "--radius": skin.radius };
  for (const [name, variable] of Object.entries(NAMES)) style[variable] = set[name];
  return style;
}

function lines(chat) {
  const found = [];
  let today = null;
  for (const item of chat.items) {
    const its = day(item.at);
    if (its !== today) found.push({ type: "system", isDay: true, key: `d${item.key}`, text: its });
    today = its;
    found.push(item);
  }
  return found;
}

function Typing({ typing }) {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!typing) return undefined;
    const timer = setTimeout(() => draw((n) => n + 1), TYPING_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [typing]);
  if (!typing || Date.now() - typing.came > TYPING_SHOWN_MS) return null;
  const what = typing.action.replace(/_/g, " ");
  return html`<div class="row theirs"><p class="bubble typing" title=${what} aria-label="the bot: ${what}"><i></i><i></i><i></i></p></div>`;
}

function Head({ phone, chat, nth }) {
  const platform = setup.value.platforms[phone.platform];
  const blocks = async () => {
    await act(phone, { act: chat.blocked ? "unblock" : "block" });
  };
  const markRead = async () => {
    const newest = [...chat.items].reverse().find((item) => item.type === "message" && item.author !== "customer");
    if (!newest) { tell("The bot has said nothing yet."); return; }
    await act(phone, { act: "read", message_id: newest.ids[0] });
  };
  return html`<header class="head">
    <span class="avatar" aria-hidden="true">${[...phone.customer][0] || "?"}</span>
    <div class="who"><strong title=${phone.customer}>${phone.customer}</strong><small>${platform.title}${chat.owner === "agent" ? " · with an agent" : chat.owner === "queue" ? " · waiting for an agent" : chat.blocked ? " · bot blocked" : ""}</small></div>
    <kbd title="Press ${nth} to write here">${nth}</kbd>
    ${can(phone.platform, "read") && !platform.lacks.read ? html`<button title="Read what the bot wrote" aria-label="Mark as read" onClick=${markRead}>${icon("read")}</button>` : null}
    ${can(phone.platform, "block") ? html`<button class="block" title=${chat.blocked ? "Let the bot write again" : "Block the bot"} aria-label=${chat.blocked ? "Unblock" : "Block"} onClick=${blocks}>${icon(chat.blocked ? "unblock" : "block")}</button>` : null}
    <button title="Put this phone away (the chat stays)" aria-label="Put away" onClick=${() => hide(phone.conv)}>${icon("close")}</button>
  </header>`;
}

export function Phone({ phone, nth }) {
  const seen = version(phone.conv).value; // chats change in place: this says to those below that one has
  const chat = world.chats.get(phone.conv) || EMPTY;
  const [reply, setReply] = useState(null);
  const [editing, setEditing] = useState(null);
  const [drop, setDrop] = useState(null);
  const wall = useRef(null);
  const stays = useRef(true);
  useLayoutEffect(() => {
    if (wall.current && stays.current) wall.current.scrollTop = wall.current.scrollHeight;
  });
  const skin = skinOf(phone.platform);
  const scrolled = () => { stays.current = wall.current.scrollHeight - wall.current.scrollTop - wall.current.clientHeight < 80; };
  const over = (event) => { event.preventDefault(); };
  const dropped = (event) => { event.preventDefault(); setDrop([...event.dataTransfer.files]); };
  const loaded = () => { if (stays.current) wall.current.scrollTop = wall.current.scrollHeight; };
  return html`<section class="phone ${skin.layout} inline-${skin.inline} ${skin.tail ? "tails" : ""} platform-${phone.platform}" style=${colours(skin)}
      aria-label="${phone.customer} on ${phone.platform}" data-conv=${phone.conv} onDragOver=${over} onDrop=${dropped} onFocusIn=${() => { picked.value = phone.conv; }}>
    <${Head} phone=${phone} chat=${chat} nth=${nth} seen=${seen} />
    <div class="wall" ref=${wall} onScroll=${scrolled} onLoadCapture=${loaded} tabindex="0" role="log" aria-label="Messages">
      ${lines(chat).map((item) => item.type === "system"
        ? html`<p key=${item.key} class="system ${item.isDay ? "day" : ""} ${item.isBad ? "bad" : ""}">${item.text}${item.tick === "failed" ? " ⚠ not delivered" : ""}</p>`
        : html`<${Message} key=${item.key} item=${item} chat=${chat} phone=${phone} skin=${skin} seen=${seen} onReply=${setReply} onEdit=${setEditing} />`)}
      <${Typing} typing=${chat.typing} />
    </div>
    <${Keys} phone=${phone} chat=${chat} seen=${seen} />
    <${Composer} phone=${phone} chat=${chat} seen=${seen} reply=${reply} setReply=${setReply} editing=${editing} setEditing=${setEditing} dropped=${drop} taken=${() => setDrop(null)} />
  </section>`;
}

const EMPTY = { items: [], byId: new Map(), keyboard: null, quick: null, typing: null, blocked: false, owner: "bot" };
