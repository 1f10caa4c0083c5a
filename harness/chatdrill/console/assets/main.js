import { html, render, effect } from "./lib.js";
import { ask, enter } from "./api.js";
import { isDark, open } from "./store.js";
import { App } from "./app.js";

const root = document.getElementById("app");
effect(() => { document.documentElement.dataset.theme = isDark.value ? "dark" : "light"; });

try {
  await enter();
  await ask("GET", "time");
  await open();
  render(html`<${App} />`, root);
} catch (error) {
  render(html`<main class="locked"><h1>chatdrill console</h1><p>${error.message}</p>
    <p>The address with its token stands in the terminal where <code>chatdrill serve</code> runs.</p></main>`, root);
}
