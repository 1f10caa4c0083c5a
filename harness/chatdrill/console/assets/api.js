// The way to the stage. Every mistake ends up as a line that a person can read.
import { signal } from "./lib.js";

export const base = new URL("./", location.href).pathname;
export const toasts = signal([]);
let last = 0;

export function tell(text, isBad = false) {
  const toast = { id: ++last, text, isBad };
  toasts.value = [...toasts.value.slice(-3), toast];
  setTimeout(() => { toasts.value = toasts.value.filter((one) => one !== toast); }, isBad ? 9000 : 5000);
}

export async function ask(method, door, body, headers = {}) {
  const isForm = body instanceof FormData;
  const options = { method, headers, body: body === undefined || isForm ? body : JSON.stringify(body) };
  const answer = await fetch(base + door, options);
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || `${answer.status}`);
  return found;
}

/** Like `ask`, for what a person has clicked: a mistake is shown and gives null. */
export async function attempt(method, door, body) {
  try {
    return await ask(method, door, body);
  } catch (error) {
    tell(error.message, true);
    return null;
  }
}

/** The token is in the fragment, which is never sent; it is traded for a cookie and wiped from the address. */
export async function enter() {
  const token = location.hash.slice(1);
  if (!token) return;
  await ask("POST", "enter", undefined, { "X-Chatdrill-Token": token });
  history.replaceState(null, "", location.pathname);
}
