// What the page knows, as signals; and what it asks the stage to do.
import { computed, signal, batch } from "./lib.js";
import { ask, attempt, base, tell } from "./api.js";
import { fold, newWorld } from "./fold.js";

export const setup = signal(null);
export const skins = signal({});
export const state = signal(null);
export const live = signal("connecting");
export const faults = signal([]);
export const dialog = signal(null);
export const view = signal("phones");
export const picked = signal(null);
export const hidden = signal(new Set(JSON.parse(localStorage.getItem("hidden") || "[]")));
export const theme = signal(localStorage.getItem("theme") || "system");
export const world = newWorld();

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const system = signal(systemIsDark.matches);
systemIsDark.addEventListener("change", (event) => { system.value = event.matches; });
export const isDark = computed(() => (theme.value === "system" ? system.value : theme.value === "dark"));

const versions = new Map();

/** A signal that changes with a part of the page: a conversation, `wire`, `desk`, `bot`. Whoever reads it is drawn again. */
export function version(name) {
  if (!versions.has(name)) versions.set(name, signal(0));
  return versions.get(name);
}

export const phones = computed(() => {
  const found = [];
  for (const [platform, channel] of Object.entries(state.value?.channels || {})) {
    for (const chat of channel.chats) {
      if (!chat.conv) continue;
      if (!came.includes(chat.conv)) came.push(chat.conv);
      if (!hidden.value.has(chat.conv)) found.push({ ...chat, platform });
    }
  }
  return found.sort((one, other) => came.indexOf(one.conv) - came.indexOf(other.conv));
});
const came = []; // who came first stands on the left, whatever the order of the platforms

export function hide(conv, isHidden = true) {
  const next = new Set(hidden.value);
  if (isHidden) next.add(conv); else next.delete(conv);
  hidden.value = next;
  localStorage.setItem("hidden", JSON.stringify([...next]));
}

export function setTheme(name) {
  theme.value = name;
  localStorage.setItem("theme", name);
}

// ---------------------------------------------------------------------------------------------------- reading

let refreshing = null;
export function refresh() {
  refreshing ??= new Promise((done) => { setTimeout(done, 60); }).then(async () => {
    refreshing = null;
    try { state.value = await ask("GET", "state"); faults.value = (await ask("GET", "faults")).faults; } catch (error) { live.value = "lost"; }
  });
  return refreshing;
}

let arrived = [];
let last = -1;
function take(data) {
  arrived.push(JSON.parse(data));
  if (arrived.length === 1) setTimeout(takeAll, 12);
}

function takeAll() {
  const records = arrived;
  arrived = [];
  const touched = new Set();
  for (const record of records) {
    if (record.n <= last) continue;
    last = record.n;
    for (const part of fold(world, record)) touched.add(part);
  }
  const known = new Set(Object.values(state.value?.channels || {}).flatMap((channel) => channel.chats.map((chat) => chat.conv)));
  batch(() => { for (const part of touched) version(part).value += 1; });
  if (touched.has("state") || touched.has("bot") || [...touched].some((part) => part.includes("/") && !known.has(part))) refresh();
}

export function listen() {
  const source = new EventSource(`${base}stream?after=${last < 0 ? "" : last}`);
  source.onopen = () => { live.value = "live"; refresh(); };
  source.onmessage = (event) => take(event.data);
  source.onerror = () => {
    live.value = "lost";
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

export async function open() {
  setup.value = await ask("GET", "setup");
  skins.value = await (await fetch(`${base}assets/skins.json`)).json();
  await refresh();
  listen();
}

// ------------------------------------------------------------------------------------------------------ doing

export async function join(platform, name) {
  const [first, ...rest] = name.trim().split(/\s+/u);
  const slug = first.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "") || "customer";
  const taken = new Set(Object.values(state.value.channels).flatMap((channel) => channel.chats.map((chat) => chat.conv.split("/").at(-1))));
  let key = slug;
  for (let number = 2; taken.has(key); number += 1) key = `${slug}${number}`;
  const joined = await attempt("POST", "join", { platform, customer: { key, first_name: first, last_name: rest.join(" ") } });
  if (joined) { hide(joined.conv, false); await refresh(); }
  return joined;
}

export const act = (phone, what) => attempt("POST", "act", { platform: phone.platform, to: phone.to, act: what });
export const press = (phone, button, message) => act(phone, { act: "press", button, ...(message ? { message_id: message } : {}) });

export async function say(phone, text, replyTo) {
  return act(phone, { act: "write", parts: [{ part: "text", text }], ...(replyTo ? { reply_to: replyTo } : {}) });
}

export async function sendFile(phone, kind, file, caption) {
  const form = new FormData();
  form.append("platform", phone.platform);
  form.append("to", phone.to);
  if (caption) form.append("text", caption);
  form.append(kind, file, file.name);
  return attempt("POST", "act", form);
}

export async function agentDoes(ticket, agent, what) {
  const body = { ...(ticket ? { ticket } : {}), ...(agent ? { agent } : {}), ...what };
  const done = await attempt("POST", "agent", body);
  refresh();
  return done;
}

export const isJumping = signal(false);

/** What is due on the way happens at its moment, so a day with a busy bot takes a while: the clock shows how far it is. */
export async function jump(seconds) {
  isJumping.value = true;
  const watching = setInterval(refresh, 400);
  const told = await attempt("POST", "time", { jump_s: seconds });
  clearInterval(watching);
  isJumping.value = false;
  await refresh();
  if (told) tell(`It is ${told.iso} now.`);
}

export async function sendAgain(n, copies) {
  if (await attempt("POST", "again", { n, copies })) tell(copies === 1 ? "Sent again, with the same id." : `Sent ${copies} times, with the same id.`);
}

/** How a file is sent here: by what it is, or as a document where the platform has no word for that. */
export function kindOf(mime, platform) {
  const able = setup.value.platforms[platform].parts;
  const wanted = KINDS.find(([start]) => mime.startsWith(start))?.[1] || "document";
  return able.includes(`media.${wanted}`) ? wanted : "document";
}
const KINDS = [["image/webp", "sticker"], ["image/gif", "animation"], ["image/", "photo"], ["audio/ogg", "voice"], ["audio/", "audio"], ["video/", "video"]];
export const can = (platform, act) => setup.value.platforms[platform].acts.includes(act);
