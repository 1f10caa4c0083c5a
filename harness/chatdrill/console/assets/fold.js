// From the records of the trace to what the phones, the desk and the wire pane show. No requests, no page: values in, values out.

export function newWorld() {
  return { chats: new Map(), tickets: new Map(), wire: [], byUpdate: new Map(), troubles: 0, bot: null };
}

function newChat(conv) {
  return { conv, items: [], byId: new Map(), keyboard: null, quick: null, forced: null, typing: null, blocked: false, unread: 0, owner: "bot" };
}

/** Takes one record in; answers which parts of the page it has changed. */
export function fold(world, record) {
  const change = TAKES[record.kind];
  return change ? change(world, record) || [] : [];
}

function chatOf(world, conv) {
  if (!world.chats.has(conv)) world.chats.set(conv, newChat(conv));
  return world.chats.get(conv);
}

function system(chat, record, text, isBad = false) {
  chat.items.push({ type: "system", key: `s${record.n}-${chat.items.length}`, at: record.at, text, isBad });
}

function message(chat, record, fields) {
  const item = { type: "message", key: `m${record.n}`, n: record.n, at: record.at, edits: 0, deleted: false, reactions: {}, tick: null, ...fields };
  chat.items.push(item);
  for (const id of item.ids) chat.byId.set(id, item);
  return item;
}

// ------------------------------------------------------------------------------------------------ customers

function acted(world, record) {
  if (!record.conv) return [];
  const chat = chatOf(world, record.conv);
  const act = record.act;
  const done = ACTS[act.act];
  const item = done ? done(chat, record, act) : null;
  const ids = record.updates || [];
  if (item && ids.length) item.tick = "sent";
  for (const id of ids) world.byUpdate.set(id, { chat, item, act: act.name || act.act });
  return [record.conv];
}

const ACTS = {
  write(chat, record, act) {
    chat.quick = chat.forced = null;
    return message(chat, record, { ids: record.ids || [], author: "customer", parts: act.parts, replyTo: act.reply_to, forwarded: act.forwarded });
  },
  press(chat, record, act) {
    const { button } = act;
    chat.quick = null;
    if (chat.keyboard && chat.keyboard.one_time) chat.keyboard = null;
    if (["reply", "postback"].includes(button.kind) || (record.ids || []).length) {
      const parts = [{ part: "text", text: button.title }];
      return message(chat, record, { ids: record.ids || [], author: "customer", parts, pressed: true });
    }
    system(chat, record, `pressed “${button.title}”`);
    return chat.items.at(-1);
  },
  edit(chat, record, act) {
    const item = chat.byId.get(act.message_id);
    if (!item) return null;
    item.parts = act.parts;
    item.edits += 1;
    return item;
  },
  delete(chat, record, act) {
    const item = chat.byId.get(act.message_id);
    if (item) item.deleted = true;
    return item;
  },
  react(chat, record, act) {
    const item = chat.byId.get(act.message_id);
    if (item) item.reactions.customer = act.emoji || null;
    return null;
  },
  start(chat, record, act) {
    system(chat, record, act.payload ? `opened the chat by a link with “${act.payload}”` : "opened the chat");
    return chat.items.at(-1);
  },
  block(chat, record) { chat.blocked = true; system(chat, record, "blocked the bot"); return chat.items.at(-1); },
  unblock(chat, record) { chat.blocked = false; system(chat, record, "lets the bot write again"); return chat.items.at(-1); },
  receipt(chat, record, act) {
    if (act.status !== "failed") return null;
    const item = chat.byId.get(act.message_id);
    if (item) item.tick = "failed";
    return null;
  },
  event(chat, record, act) { system(chat, record, `event ${act.name}`); return chat.items.at(-1); },
};

// -------------------------------------------------------------------------------------------------- the bot

function took(world, record) {
  const { effect } = record;
  if (!record.conv) return [];
  const chat = chatOf(world, record.conv);
  (EFFECTS[effect.effect] || (() => {}))(chat, record, effect);
  return [record.conv];
}

const EFFECTS = {
  sent(chat, record, effect) {
    const sent = effect.message;
    chat.typing = null;
    chat.quick = null;
    message(chat, record, { ids: sent.ids, author: sent.author, parts: sent.parts, replyTo: sent.reply_to, sender: sent.sender });
    keyboards(chat, sent);
  },
  edited(chat, record, effect) {
    const item = effect.message.ids.map((id) => chat.byId.get(id)).find(Boolean);
    if (!item) return EFFECTS.sent(chat, record, effect);
    item.parts = effect.message.parts;
    item.edits += 1;
    return keyboards(chat, effect.message);
  },
  deleted(chat, record, effect) {
    for (const id of effect.message_ids) if (chat.byId.has(id)) chat.byId.get(id).deleted = true;
  },
  reacted(chat, record, effect) {
    const item = chat.byId.get(effect.message_id);
    if (item) item.reactions.bot = effect.emoji || null;
  },
  activity(chat, record, effect) { chat.typing = { action: effect.action, came: Date.now(), n: record.n }; },
  marked_read(chat, record, effect) {
    const read = chat.byId.get(effect.message_id);
    if (!read) return;
    for (const item of chat.items) {
      if (item.author === "customer" && item.n <= read.n && item.tick !== "failed") item.tick = "read";
    }
  },
  press_answered(chat, record, effect) {
    if (effect.text) system(chat, record, effect.alert ? `the bot shows a dialog: ${effect.text}` : `the bot shows: ${effect.text}`);
  },
};

function keyboards(chat, sent) {
  for (const part of sent.parts) {
    if (part.part === "keyboard_removed") chat.keyboard = null;
    if (part.part === "reply_forced") chat.forced = sent.ids[0];
    if (part.part !== "keyboard") continue;
    const shown = { ...part, message: sent.ids[0] };
    if (part.style === "reply") chat.keyboard = shown;
    if (part.style === "quick_replies") chat.quick = shown;
  }
}

// ------------------------------------------------------------------------------------------------- the wire

const TICKS = { sent: 1, delivered: 2, read: 3 };

function tick(world, id, to) {
  const found = world.byUpdate.get(id);
  if (!found || !found.item) return null;
  const { item } = found;
  if (to === "failed" ? item.tick === "sent" : (TICKS[item.tick] || 0) < TICKS[to] || item.tick === "failed") item.tick = to;
  return found.chat.conv;
}

/** What a webhook tells of, as far as it comes from an act; the desk's and the vendor's own go by their id. */
const told = (world, id) => world.byUpdate.get(id)?.act || id;

function attempted(world, record) {
  world.wire.push({ ...record, row: "webhook", title: record.updates.length > 1 ? `${record.updates.length} updates` : told(world, record.updates[0]) });
  const touched = record.updates.map((id) => tick(world, id, record.ok ? "delivered" : "failed"));
  return ["wire", ...touched.filter(Boolean)];
}

function dropped(world, record) {
  world.wire.push({ ...record, row: "dropped", title: `given up: ${record.reason}`, ok: false });
  const touched = record.updates.map((id) => tick(world, id, "failed"));
  return ["wire", ...touched.filter(Boolean)];
}

function called(world, record) {
  world.wire.push({ ...record, row: "call", title: record.method });
  return ["wire"];
}

function injected(world, record) {
  world.wire.push({ ...record, row: "fault", title: `fault ${record.fault}: ${record.what}`, ok: false });
  return ["wire"];
}

function trouble(world, record) {
  world.wire.push({ ...record, row: "trouble", title: record.what, ok: false });
  world.troubles += 1;
  return ["wire"];
}

function botState(world, record) {
  world.bot = record.state === "webhook" ? world.bot : record;
  world.wire.push({ ...record, row: "bot", title: `bot ${record.state}${record.detail ? `: ${record.detail}` : ""}`, ok: !["exited", "unreachable"].includes(record.state) });
  return ["wire", "bot"];
}

// ------------------------------------------------------------------------------------------------- the desk

function filed(world, record) {
  const { event } = record;
  if (!event.ticket) return ["state"];
  const ticket = world.tickets.get(event.ticket) || { id: event.ticket, conv: null, subject: "", fields: {}, entries: [], lines: [], owner: "bot" };
  world.tickets.set(event.ticket, ticket);
  ticket.conv = record.conv || ticket.conv;
  const change = EVENTS[event.event];
  if (change) change(ticket, event, record);
  if (event.event === "owner_changed" && ticket.conv) chatOf(world, ticket.conv).owner = event.owner;
  return ["state", "desk", ...(ticket.conv ? [ticket.conv] : [])];
}

const line = (ticket, record, text) => ticket.entries.push({ line: text, at: record.at, id: `l${record.n}` });

const EVENTS = {
  ticket_opened(ticket, event) { Object.assign(ticket, { subject: event.subject || "", fields: event.fields || {}, name: event.name }); },
  handoff_asked(ticket, event, record) { line(ticket, record, "the bot asks for a person"); },
  handoff_failed(ticket, event, record) { line(ticket, record, `the desk could not hand over: ${event.reason}`); },
  entry_added(ticket, event) { ticket.entries.push({ ...event.entry }); },
  entry_changed(ticket, event) {
    const entry = ticket.entries.find((one) => one.id === event.entry_id);
    if (entry) Object.assign(entry, event.deleted ? { deleted: true } : { text: event.text, edited: true });
  },
  entry_delivered(ticket, event) {
    const entry = ticket.entries.find((one) => one.id === event.entry_id);
    if (entry) entry.status = event.status || "delivered";
  },
  entry_failed(ticket, event) {
    const entry = ticket.entries.find((one) => one.id === event.entry_id);
    if (entry) entry.status = `failed ${event.reason || ""}`;
  },
  accepted(ticket, event, record) { line(ticket, record, `${event.agent} accepted`); },
  declined(ticket, event, record) { line(ticket, record, `${event.agent} declined`); },
  assigned(ticket, event, record) { line(ticket, record, event.agent ? `assigned to ${event.agent}` : event.team ? `in the queue of ${event.team}` : event.bot ? "the bot has it" : "nobody has it"); },
  owner_changed(ticket, event, record) { ticket.owner = event.owner; line(ticket, record, `may speak now: ${event.agent || event.owner}`); },
  state_changed(ticket, event, record) { line(ticket, record, `status ${event.word || event.state}`); },
  ticket_closed(ticket, event, record) { line(ticket, record, "closed"); },
  ticket_reopened(ticket, event, record) { line(ticket, record, "opened again"); },
  rated(ticket, event, record) { line(ticket, record, `rated ${event.score}${event.comment ? `: ${event.comment}` : ""}`); },
};

function skipped(world, record) {
  if (!record.conv) return [];
  system(chatOf(world, record.conv), record, `time moved on by ${record.seconds} s`);
  return [record.conv];
}

const TAKES = { acted, took, attempt: attempted, dropped, called, injected, trouble, bot_state: botState, filed, skipped };
