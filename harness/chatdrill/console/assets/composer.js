// Where a customer writes, attaches and sends.
import { html, icon, useEffect, useRef, useState, size } from "./lib.js";
import { base, tell } from "./api.js";
import { act, kindOf, say, sendFile, setup } from "./store.js";

const BURST_PAUSE_MS = 150;
const later = (ms) => new Promise((done) => { setTimeout(done, ms); });

function Attached({ files, phone, onRemove, onKind }) {
  if (!files.length) return null;
  const kinds = setup.value.media.filter((kind) => setup.value.platforms[phone.platform].parts.includes(`media.${kind}`));
  return html`<ul class="attached">${files.map((one, n) => html`<li key=${n}>
    ${one.preview ? html`<img src=${one.preview} alt="" />` : html`<span class="ext">${one.file.name.split(".").at(-1).slice(0, 4)}</span>`}
    <span><b>${one.file.name}</b><small>${size(one.file.size)}</small></span>
    <select aria-label="Send as" value=${one.kind} onChange=${(event) => onKind(n, event.target.value)}>${kinds.map((kind) => html`<option key=${kind}>${kind}</option>`)}</select>
    <button aria-label="Leave ${one.file.name} out" onClick=${() => onRemove(n)}>${icon("close")}</button></li>`)}</ul>`;
}

function Extras({ phone, add, close }) {
  const [payload, setPayload] = useState("");
  const [place, setPlace] = useState("52.2297, 21.0122");
  const [person, setPerson] = useState({ name: "", phone: "" });
  const has = (part) => setup.value.platforms[phone.platform].parts.includes(part);
  const chosen = (event) => { add([...event.target.files]); close(); };
  const sample = async (name) => {
    const answer = await fetch(`${base}sample/${encodeURIComponent(name)}`);
    const mime = setup.value.samples.find((one) => one.name === name).mime;
    add([new File([await answer.blob()], name, { type: mime })]);
    close();
  };
  const start = async () => { await act(phone, { act: "start", ...(payload ? { payload } : {}) }); close(); };
  const locate = async () => {
    const [latitude, longitude] = place.split(/[,;\s]+/).map(Number);
    if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) { tell("Write latitude and longitude, for instance 52.23, 21.01", true); return; }
    await act(phone, { act: "write", parts: [{ part: "location", latitude, longitude }] });
    close();
  };
  const introduce = async () => { await act(phone, { act: "write", parts: [{ part: "contact", ...person }] }); close(); };
  return html`<div class="extras" role="dialog" aria-label="Attach or do more">
    <label class="file">A file from this machine <input type="file" multiple onChange=${chosen} /></label>
    <h4>Samples</h4>
    <div class="samples">${setup.value.samples.map((one) => html`<button key=${one.name} title=${one.mime} onClick=${() => sample(one.name)}>
      ${one.mime.startsWith("image/") ? html`<img src=${`${base}sample/${encodeURIComponent(one.name)}`} alt="" loading="lazy" />` : html`<span class="ext">${one.name.split(".").at(-1)}</span>`}<small>${one.name}</small></button>`)}</div>
    ${has("location") ? html`<form onSubmit=${(event) => { event.preventDefault(); locate(); }}><label>Location <input value=${place} onInput=${(event) => setPlace(event.target.value)} /></label><button>Send</button></form>` : null}
    ${has("contact") ? html`<form onSubmit=${(event) => { event.preventDefault(); introduce(); }}><label>Contact <input placeholder="Name" required value=${person.name} onInput=${(event) => setPerson({ ...person, name: event.target.value })} /></label>
      <input aria-label="Phone number" placeholder="+48 …" required value=${person.phone} onInput=${(event) => setPerson({ ...person, phone: event.target.value })} /><button>Send</button></form>` : null}
    <form onSubmit=${(event) => { event.preventDefault(); start(); }}><label>Start, by a link with <input placeholder="payload (may be empty)" value=${payload} onInput=${(event) => setPayload(event.target.value)} /></label><button>Start</button></form>
  </div>`;
}

export function Composer({ phone, chat, reply, setReply, editing, setEditing, dropped, taken }) {
  const [text, setText] = useState("");
  const [isBurst, setBurst] = useState(false);
  const [files, setFiles] = useState([]);
  const [isOpen, setOpen] = useState(false);
  const field = useRef(null);
  const add = (more) => {
    setFiles((had) => [...had, ...more.map((file) => ({ file, kind: kindOf(file.type, phone.platform), preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null }))]);
    field.current.focus();
  };
  const remove = (n) => { if (files[n].preview) URL.revokeObjectURL(files[n].preview); setFiles(files.filter((_, m) => m !== n)); };
  useEffect(() => { if (dropped) { add(dropped); taken(); } }, [dropped]);
  useEffect(() => { if (editing) { setText(editing.text); field.current.focus(); } }, [editing]);
  useEffect(() => { if (reply) field.current.focus(); }, [reply]);
  useEffect(() => { const it = field.current; it.style.height = "auto"; it.style.height = `${Math.min(it.scrollHeight, 132)}px`; }, [text]);

  const stop = () => { setReply(null); setEditing(null); setText(""); setOpen(false); };
  const sendFiles = async () => {
    const [sending, caption] = [files, text.trim()];
    setFiles([]);
    stop();
    for (const [n, one] of sending.entries()) {
      await sendFile(phone, one.kind, one.file, n ? "" : caption);
      if (one.preview) URL.revokeObjectURL(one.preview);
    }
  };
  const send = async (asBurst = isBurst) => {
    if (files.length) { await sendFiles(); return; }
    if (!text.trim()) return;
    const [words, quoted, changed] = [text, reply, editing];
    stop();
    field.current.focus();
    if (changed) { await act(phone, { act: "edit", message_id: changed.id, parts: [{ part: "text", text: words }] }); return; }
    const lines = asBurst ? words.split("\n").filter((line) => line.trim()) : [words];
    for (const [n, line] of lines.entries()) {
      if (n) await later(BURST_PAUSE_MS);
      await say(phone, line, n ? null : quoted?.id);
    }
  };
  const key = (event) => {
    if (event.key === "Escape") { stop(); event.stopPropagation(); return; }
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.shiftKey) return;
    event.preventDefault();
    send(event.ctrlKey || event.metaKey || isBurst);
  };
  const paste = (event) => { const found = [...event.clipboardData.files]; if (found.length) { event.preventDefault(); add(found); } };
  const leave = (event) => { if (event.key === "Escape" && isOpen) { setOpen(false); field.current.focus(); event.stopPropagation(); } };
  return html`<div class="composer" onKeyDown=${leave}>
    ${isOpen ? html`<${Extras} phone=${phone} add=${add} close=${() => setOpen(false)} />` : null}
    ${reply ? html`<p class="context"><b>Reply to</b> ${reply.text}<button aria-label="No reply" onClick=${() => setReply(null)}>${icon("close")}</button></p>` : null}
    ${editing ? html`<p class="context"><b>Edit</b> ${editing.text}<button aria-label="Do not edit" onClick=${stop}>${icon("close")}</button></p>` : null}
    <${Attached} files=${files} phone=${phone} onRemove=${remove} onKind=${(n, kind) => setFiles(files.map((one, m) => (m === n ? { ...one, kind } : one)))} />
    <div class="line">
      <button class="plus" title="Attach, start by a link, send a location or contact" aria-label="Attach and more" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${icon("plus")}</button>
      <textarea ref=${field} rows="1" value=${text} placeholder=${chat.blocked ? "The bot is blocked" : isBurst ? "One message a line" : "Message"} aria-label="Message of ${phone.customer}" onInput=${(event) => setText(event.target.value)} onKeyDown=${key} onPaste=${paste}></textarea>
      <button class="burst" aria-pressed=${isBurst} title="Burst: every line is a message of its own (Ctrl+Enter does so once)" aria-label="Burst" onClick=${() => setBurst(!isBurst)}>${icon("burst")}</button>
      <button class="send" aria-label="Send" onClick=${() => send()}>${icon("send")}</button>
    </div>
  </div>`;
}
