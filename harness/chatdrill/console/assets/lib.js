// What every part of the page uses: templates, signals, dates. All words that others wrote go through `html` as values, never as markup.
import { h, render } from "preact";
import htm from "htm";

export const html = htm.bind(h);
export { render };
export { useState, useRef, useEffect, useLayoutEffect } from "preact/hooks";
export { signal, computed, effect, batch } from "@preact/signals";

const pad = (number, width = 2) => String(number).padStart(width, "0");

/** Drill time as a clock shows it; all times are in UTC, as in the trace. */
export function clockTime(at, withSeconds = false) {
  const date = new Date(at * 1000);
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  return withSeconds ? `${time}:${pad(date.getUTCSeconds())}` : time;
}

export function day(at) {
  return new Date(at * 1000).toLocaleDateString("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "long", year: "numeric" });
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

export function length(seconds) {
  const whole = Math.round(seconds || 0);
  return `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
}

export function took(seconds) {
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
}

// Signs are drawn: not every machine has the same ones among its letters.
const SHAPES = {
  plus: "M12 5v14M5 12h14",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  save: "M12 4v11m-5-5 5 5 5-5M5 20h14",
  read: "M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
  unblock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-4 9 3 3 5-6",
  close: "M6 6l12 12M18 6 6 18",
  burst: "M4 6h16M4 12h16M4 18h10",
  send: "M4 12 20 4l-6 16-3-7z",
  light: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3m0 14v3M2 12h3m14 0h3M5 5l2 2m10 10 2 2M19 5l-2 2M7 17l-2 2",
  dark: "M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
};
export const icon = (name) => html`<svg class="icon icon-${name}" viewBox="0 0 24 24" aria-hidden="true"><path d=${SHAPES[name]} /></svg>`;
