"use strict";
// The server renders; this puts in what changed, sends what a member does, and completes commands.

const app = document.getElementById("app");
const lost = document.getElementById("lost");
let follow = false; // a member's own words are scrolled to
const PAUSE = 250; // milliseconds without a letter, before what is typed is sent

// --- what changes -------------------------------------------------------------------------------

/** Make `now` look like `next`, touching only what differs: focus, open menus and typed text stay. */
function patch(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName || now.id !== next.id) {
    now.replaceWith(next);
    return;
  }
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  if ("client" in now.dataset) return; // what stands in it is this script's
  const kept = (name) => name === "open" || (now.matches("[role=combobox]") && name.startsWith("aria-"));
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !kept(name)) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value && !kept(name)) now.setAttribute(name, value);
  }
  patchChildren(now, next);
}

function patchChildren(now, next) {
  const named = new Map([...now.children].filter((child) => child.id).map((child) => [child.id, child]));
  const wanted = new Set([...next.children].map((child) => child.id).filter(Boolean));
  let place = now.firstChild;
  for (const child of [...next.childNodes]) {
    while (place && place.id && !wanted.has(place.id)) place = removed(place);
    const known = child.id && named.get(child.id);
    if (known && known !== place) {
      now.insertBefore(known, place);
      patch(known, child);
    } else if (known || (place && !child.id && !place.id)) {
      const after = place.nextSibling;
      patch(place, child);
      place = after;
    } else {
      now.insertBefore(child, place);
    }
  }
  while (place) place = removed(place);
}

function removed(node) {
  const after = node.nextSibling;
  node.remove();
  return after;
}

function show(html) {
  const lists = [...document.querySelectorAll(".said-list")];
  const atEnd = new Set(lists.filter((list) => follow || nearEnd(list)).map((list) => list.id));
  follow = false;
  const next = document.createElement("div");
  next.innerHTML = html; // the server's own, escaped there; scripts set this way never run, and none may
  patchChildren(app, next);
  settle(atEnd);
}

function nearEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 80;
}

/** Lists at their end stay there; a modal that came opens. */
function settle(atEnd) {
  for (const list of document.querySelectorAll(".said-list")) {
    if (atEnd.has(list.id)) list.scrollTop = list.scrollHeight;
  }
  const modal = document.querySelector("dialog.modal:not([open])");
  if (modal) modal.showModal();
}

function listen() {
  const stream = new EventSource(app.dataset.stream);
  stream.onmessage = (event) => show(JSON.parse(event.data));
  stream.onopen = () => { lost.textContent = ""; };
  stream.onerror = () => { lost.textContent = "The demo has ended, or cannot be reached. Trying again…"; };
}

// --- what a member does -------------------------------------------------------------------------

async function send(form, url, fields) {
  const complaint = form.querySelector(".complaint:not([data-error])");
  say(complaint, "");
  form.setAttribute("aria-busy", "true");
  follow = form.classList.contains("composer");
  try {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
    const { error = "", errors = {} } = await answer.json();
    say(complaint, error);
    for (const place of form.querySelectorAll("[data-error]")) say(place, errors[place.dataset.error] || "");
    return !error && !Object.keys(errors).length;
  } catch {
    say(complaint, "The demo has ended, or cannot be reached.");
    return false;
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function say(place, words) {
  if (place) place.textContent = words;
  else if (words) lost.textContent = words;
}

app.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  if (!form.hasAttribute("action")) return; // Enter in a picker of a message
  const fields = new FormData(form, submitter);
  const composing = form.classList.contains("composer");
  if (composing) {
    complete(form.elements.text, false);
    form.elements.text.value = "";
  }
  const done = await send(form, form.getAttribute("action"), fields);
  if (composing && !done && !form.elements.text.value) form.elements.text.value = fields.get("text");
});

/** Act on an element of a message, a Home or a modal; what else is entered there goes along. */
function press(element) {
  const form = element.closest("form");
  if (!form) return;
  if (element.dataset.confirm && !window.confirm(element.dataset.confirm)) return;
  const fields = new FormData(form);
  fields.set("press", element.dataset.press);
  chosen(element);
  send(form, form.dataset.acts, fields);
}

/** A menu closes and shows what was chosen, as in Slack's client. */
function chosen(option) {
  const menu = option.closest("details.menu");
  if (!menu) return;
  menu.open = false;
  const label = menu.querySelector("summary [data-client]");
  if (label) label.textContent = option.firstChild.textContent;
  menu.querySelector("summary").focus();
}

app.addEventListener("change", ({ target }) => {
  if (target.dataset.press && !("live" in target.dataset)) press(target);
});

/** Act on each letter that is typed, once the typing rests. */
function live(input) {
  clearTimeout(input.resting);
  input.resting = setTimeout(() => { if (input.isConnected) press(input); }, PAUSE);
}

app.addEventListener("click", (event) => {
  const pressed = event.target.closest("a[data-press], button[data-press]");
  if (pressed) press(pressed);
  const close = event.target.closest("[data-close]");
  if (close) dismiss(close.closest("dialog"), close.dataset.close ? { all: "1" } : {});
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

async function dismiss(dialog, fields = {}) {
  await send(dialog, dialog.dataset.dismiss, fields);
}

app.addEventListener("cancel", (event) => {
  event.preventDefault(); // the server takes it away
  dismiss(event.target);
}, true);

app.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector(".options")?.scrollIntoView({ block: "nearest" });
}, true);

app.addEventListener("keydown", (event) => {
  const menu = event.target.closest("details.menu[open]");
  if (menu && event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  } else if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const stops = [...menu.querySelectorAll("summary, .options button, .options a")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    stops[(stops.indexOf(event.target) + step + stops.length) % stops.length].focus();
    event.preventDefault();
  } else if (event.target.matches("[role=combobox]")) {
    choose(event);
  }
});

// --- completing commands ------------------------------------------------------------------------

function complete(input, on = true) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  if (!list) return;
  let any = false;
  for (const option of list.children) {
    const fits = on && input.value.startsWith("/") && option.dataset.text.startsWith(input.value);
    option.hidden = !fits || option.dataset.text === input.value;
    any ||= !option.hidden;
  }
  list.hidden = !any;
  input.setAttribute("aria-expanded", String(any));
  select(input, list, null);
}

function select(input, list, option) {
  for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function take(input, option) {
  input.value = option.dataset.text.includes(" ") ? option.dataset.text : `${option.dataset.text} `;
  complete(input, input.value.endsWith(" "));
  input.focus();
}

function choose(event) {
  const input = event.target;
  const list = document.getElementById(input.getAttribute("aria-controls"));
  if (list.hidden) return;
  const options = [...list.children].filter((option) => !option.hidden);
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") select(input, list, options[(at + 1) % options.length]);
  else if (event.key === "ArrowUp") select(input, list, options[(at <= 0 ? options.length : at) - 1]);
  else if (event.key === "Escape") complete(input, false);
  else if (event.key === "Tab" && !event.shiftKey) take(input, options[Math.max(at, 0)]);
  else if (event.key === "Enter" && at >= 0) take(input, options[at]);
  else return;
  event.preventDefault();
}

app.addEventListener("input", (event) => {
  if (event.target.matches("[role=combobox]")) complete(event.target);
  if (event.target.matches("[data-suggest]")) suggest(event.target);
  if (event.target.matches("[data-live]")) live(event.target);
});

/** An external select: what is typed is asked of the app, and what it offers can be chosen. */
async function suggest(input) {
  const hidden = input.previousElementSibling;
  const known = [...input.list.options].find((option) => option.value === input.value);
  const value = known ? known.dataset.value : "";
  if (hidden.value !== value) {
    hidden.value = value;
    if (hidden.dataset.press) press(hidden);
  }
  if (known) return;
  const typed = input.value;
  const fields = new FormData(input.form);
  fields.set("press", input.dataset.suggest);
  fields.set("typed", typed);
  const url = input.form.dataset.acts.replace("/page/press?", "/page/suggest?");
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  const { options = [], error = "" } = await answer.json();
  say(input.form.querySelector(".complaint:not([data-error])"), error);
  if (input.value !== typed) return; // more was typed meanwhile
  input.list.replaceChildren(...options.map(([value, name]) => {
    const option = new Option(name, name);
    option.dataset.value = value;
    return option;
  }));
}

app.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-suggest]")) suggest(event.target);
});

app.addEventListener("pointerdown", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  event.preventDefault(); // the focus stays where one types
  take(option.closest("form").elements.text, option);
});

settle(new Set(["said"])); // a channel opens at its end, a thread at its beginning
listen();
