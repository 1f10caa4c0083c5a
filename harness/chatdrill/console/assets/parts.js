// How each part of a message is drawn. A part that nobody knows is shown as it is, and nothing is dropped in silence.
import { html, icon, length, size, useRef, useState } from "./lib.js";
import { base } from "./api.js";
import { dialog } from "./store.js";
import { PressButton } from "./keyboards.js";

// -------------------------------------------------------------------------------------------------- words

/** Spans count code points, so the text is cut by code points. */
function Words({ part }) {
  const points = [...part.text];
  const spans = part.spans || [];
  if (!spans.length) return html`<p class="words">${part.text}</p>`;
  const edges = [...new Set([0, points.length, ...spans.flatMap(([start, count]) => [start, start + count])])].filter((edge) => edge <= points.length).sort((one, other) => one - other);
  const pieces = edges.slice(0, -1).map((from, n) => {
    const over = spans.filter(([start, count]) => start <= from && start + count >= edges[n + 1]);
    const link = over.find(([, , style]) => style === "link");
    return html`<span key=${from} class=${over.map(([, , style]) => `span-${style}`).join(" ")} title=${link ? link[3] : undefined}>${points.slice(from, edges[n + 1]).join("")}</span>`;
  });
  return html`<p class="words">${pieces}</p>`;
}

// The model writes spans as arrays or as tables, as the trace does.
const spansOf = (part) => ({ ...part, spans: (part.spans || []).map((span) => (Array.isArray(span) ? span : [span.start, span.length, span.style, span.value])) });
const text = (part) => html`<${Words} part=${spansOf(part)} />`;

// -------------------------------------------------------------------------------------------------- media

const address = (phone, file) => (file?.sha256 ? `${base}blob/${encodeURIComponent(phone.platform)}/${file.sha256}` : null);

function Voice({ source, file }) {
  const audio = useRef(null);
  const [now, setNow] = useState({ isPlaying: false, share: 0 });
  const play = () => { if (audio.current.paused) audio.current.play(); else audio.current.pause(); };
  const tell = () => { const it = audio.current; setNow({ isPlaying: !it.paused, share: it.duration ? it.currentTime / it.duration : 0 }); };
  const bars = Array.from({ length: 28 }, (_, n) => 4 + (parseInt(file.sha256?.[n] || "7", 16) / 15) * 18);
  return html`<div class="voice"><button aria-label=${now.isPlaying ? "Pause" : "Play"} onClick=${play} disabled=${!source}>${icon(now.isPlaying ? "pause" : "play")}</button>
    <svg viewBox="0 0 112 24" class="wave" aria-hidden="true">${bars.map((high, n) => html`<rect key=${n} x=${n * 4} y=${12 - high / 2} width="2.4" height=${high} rx="1.2" class=${n / 28 < now.share ? "heard" : ""} />`)}</svg>
    <small>${length(file.duration_s)}</small>
    ${source ? html`<audio ref=${audio} src=${source} preload="none" onPlay=${tell} onPause=${tell} onTimeUpdate=${tell} onEnded=${tell}></audio>` : null}</div>`;
}

function paper(source, file) {
  const end = (file.name || "").split(".").at(-1).slice(0, 4).toUpperCase() || "FILE";
  return html`<div class="document"><span class="ext">${end}</span><span><b>${file.name || file.mime}</b><small>${file.size_bytes ? size(file.size_bytes) : file.mime}</small></span>
    ${source ? html`<a href=${source} download=${file.name || "file"} aria-label="Save ${file.name || "file"}">${icon("save")}</a>` : null}</div>`;
}

const picture = (source, file, kind) => html`<button class="thumb ${kind}" aria-label="Show the picture" onClick=${() => { dialog.value = { name: "picture", source, title: file.name || kind }; }}><img src=${source} alt=${file.name || kind} width=${file.width} height=${file.height} loading="lazy" /></button>`;
const MEDIA = {
  photo: picture,
  sticker: picture,
  video: (source) => html`<video src=${source} controls preload="metadata" playsinline></video>`,
  animation: (source, file) => (file.mime.startsWith("image/") ? picture(source, file, "animation") : html`<video src=${source} autoplay loop muted playsinline></video>`),
  video_note: (source) => html`<video class="round" src=${source} controls preload="metadata" playsinline></video>`,
  audio: (source, file) => html`<div class="audio"><b>♫ ${file.name || "audio"}</b><audio src=${source} controls preload="none"></audio></div>`,
  document: paper,
};

function media(part, phone) {
  const { file, kind } = part;
  const source = address(phone, file);
  const caption = part.caption ? text(part.caption) : null;
  if (kind === "voice") return html`<${Voice} source=${source} file=${file} />${caption}`;
  if (!source) return html`<div class="placeholder"><b>${kind}</b><small>${file.url || "its bytes are not here"}</small></div>${caption}`;
  const isShowable = kind === "document" || /^(image|audio|video)\//.test(file.mime);
  return html`${(isShowable ? MEDIA[kind] : paper)(source, file, kind)}${caption}`;
}

// -------------------------------------------------------------------------------------------------- cards

function location(part) {
  const where = `${part.latitude.toFixed(5)}, ${part.longitude.toFixed(5)}`;
  return html`<div class="place"><svg viewBox="0 0 240 110" aria-hidden="true"><rect class="land" width="240" height="110" /><path class="water" d="M0 78c40-22 70 16 120-4s80-34 120-18v54H0z" />
    <path class="road" d="M-4 30 90 52 130 14l114 30M60-4l24 120M170-4l-26 120" /><path class="pin" d="M120 66c-14-18-16-24-16-30a16 16 0 0 1 32 0c0 6-2 12-16 30z" /><circle class="hole" cx="120" cy="36" r="6" /></svg>
    <p><b>${part.name || "Location"}</b>${part.address ? html`<span>${part.address}</span>` : null}<small>${where}${part.live_period_s ? ` · live for ${Math.round(part.live_period_s / 60)} min` : ""}</small></p></div>`;
}

const contact = (part) => html`<div class="contact"><span class="avatar">${[...part.name][0] || "?"}</span><p><b>${part.name}</b><span>${part.phone}</span>${part.email ? html`<span>${part.email}</span>` : null}</p></div>`;

function carousel(part, phone, item) {
  return html`<div class="cards" tabindex="0" role="group" aria-label="${part.cards.length} cards">${part.cards.map((card, n) => html`<div class="card" key=${n}>
    ${card.image ? (address(phone, card.image) ? html`<img src=${address(phone, card.image)} alt="" loading="lazy" />` : html`<span class="noimage" title=${card.image.url || ""}>▨</span>`) : null}
    <b>${card.title}</b>${card.subtitle ? html`<small>${card.subtitle}</small>` : null}
    ${(card.buttons || []).map((button, m) => html`<${PressButton} key=${m} phone=${phone} button=${button} message=${item.ids[0]} />`)}</div>`)}</div>`;
}

function template(part, phone, item) {
  return html`<small class="label">template ${part.name}</small><p class="words">${part.text || (part.parameters || []).join(" · ")}</p>
    ${(part.buttons || []).map((button, n) => html`<${PressButton} key=${n} phone=${phone} button=${button} message=${item.ids[0]} />`)}`;
}

function order(part) {
  return html`<div class="order"><b>Order ${part.number || ""}</b>${part.items.map((item, n) => html`<p key=${n}><span>${item.quantity || 1} × ${item.name || item.id}</span><span>${item.price ? `${item.price.toFixed(2)} ${item.currency || "EUR"}` : ""}</span></p>`)}
    ${part.total ? html`<p class="total"><span>Total</span><span>${part.total.toFixed(2)}</span></p>` : null}${part.note ? html`<small>${part.note}</small>` : null}</div>`;
}

const asItIs = (part) => {
  const { part: name, ...rest } = part;
  return html`<div class="plainly"><b>${rest.kind || rest.name || name}</b><pre>${JSON.stringify(rest, null, 1)}</pre></div>`;
};

export const PARTS = { text, media, location, contact, carousel, template, order, form: asItIs, products: asItIs, other: asItIs };
