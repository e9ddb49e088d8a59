// Keeps the page as it is on the server, and tells the server what somebody does on it.
// Foreign text is only ever set as text; what is drawn comes from the server, escaped there.
"use strict";

const find = (selector, inside = document) => inside.querySelector(selector);
const each = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// What is drawn anew.

let drawing = false;
let again = false;

async function draw() {
  again = true;
  if (drawing) {
    return;
  }
  drawing = true;
  try {
    while (again) {
      again = false;
      const answer = await fetch(location.href, { cache: "no-store" });
      replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    live(false);
  } finally {
    drawing = false;
  }
}

// Puts in place what is another now, and leaves the reader, and what was typed, where they were.
function replace(fresh) {
  document.title = fresh.title;
  const followed = atTheEnd();
  const focused = document.activeElement?.getAttribute("href");
  swap("nav", fresh);
  swap("main > header", fresh);
  messages(find(".log"), find(".log", fresh));
  if (focused && document.activeElement === document.body) {
    find(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  modal(find("#modal"), find("#modal dialog", fresh));
  if (followed) {
    toTheEnd();
  }
}

function swap(selector, fresh) {
  const [old, now] = [find(selector), find(selector, fresh)];
  if (old && now && (old.drawn ?? old.outerHTML) !== now.outerHTML) {
    now.drawn = now.outerHTML;
    const before = old.scrollTop;
    old.replaceWith(now);
    now.scrollTop = before;
  }
}

// A message that is as it was stays the element that it was, with its menus open or closed.
function messages(log, fresh) {
  const known = new Map([...log.children].map((part) => [part.drawn ?? part.outerHTML, part]));
  const parts = [...fresh.children].map((part) => {
    const drawn = part.outerHTML;
    const old = known.get(drawn);
    known.delete(drawn);
    const now = old ?? part;
    now.drawn = drawn;
    return now;
  });
  known.forEach((part) => part.remove());
  parts.forEach((part, index) => {
    if (log.children[index] !== part) {
      log.insertBefore(part, log.children[index] ?? null);
    }
  });
}

function modal(place, fresh) {
  const old = find("dialog", place);
  if (old?.dataset.key === fresh?.dataset.key) {
    return;
  }
  const same = old && fresh && old.dataset.view === fresh.dataset.view;
  const [focused, scrolled] = [document.activeElement?.id, old && find(".sheet", old).scrollTop];
  if (same) {
    carry(old, fresh);
  }
  old?.close();
  place.replaceChildren();
  if (fresh) {
    place.append(fresh);
    show(fresh);
    if (same && !find(".wrong", fresh)) {
      find(".sheet", fresh).scrollTop = scrolled;
      (focused ? document.getElementById(focused) : null)?.focus({ preventScroll: true });
    }
  } else {
    find("#typed")?.focus();
  }
}

// What was filled in stays where the app leaves the field as it is, as in Slack.
function carry(old, fresh) {
  const named = (field) => [field.dataset.blockId, field.dataset.actionId, field.dataset.kind].join("\n");
  const before = new Map(each("[data-field]", old).map((field) => [named(field), each("input, select, textarea", field)]));
  each("[data-field]", fresh).forEach((field) => {
    const known = before.get(named(field)) ?? [];
    each("input, select, textarea", field).forEach((input, index) => {
      if (input.type === "checkbox" || input.type === "radio") {
        input.checked = known.find((box) => box.value === input.value)?.checked ?? input.checked;
      } else if (known[index]) {
        input.value = known[index].value;
        if ("value" in known[index].dataset) {
          input.dataset.value = known[index].dataset.value;
        }
      }
    });
  });
}

function show(dialog) {
  dialog.showModal();
  const first = find("[aria-invalid], .wrong input", dialog) ?? find("[autofocus], .sheet input, .sheet select, .sheet textarea", dialog);
  first?.focus();
  first?.closest(".wrong")?.scrollIntoView({ block: "nearest" });
  instants(dialog);
}

function atTheEnd() {
  const log = find(".log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80;
}

function toTheEnd() {
  const log = find(".log");
  log.scrollTop = location.search.includes("tab=home") ? 0 : log.scrollHeight;
}

function live(on) {
  document.documentElement.dataset.live = on ? "yes" : "no";
}

// What somebody does.

async function tell(path, body) {
  const { user, channel } = find("main").dataset;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user, channel, ...body }),
  });
  return answer.json();
}

// Says beside the place what went wrong there.
async function act(path, body, place) {
  const said = find("[data-problem]", place) ?? find("[data-problem]");
  const quiet = setTimeout(() => place.setAttribute("aria-busy", "true"), 300);
  try {
    const { problem } = await tell(path, body);
    said.textContent = problem ?? "";
    return !problem;
  } catch {
    said.textContent = "This stand-in for Slack does not answer.";
    return false;
  } finally {
    clearTimeout(quiet);
    place.removeAttribute("aria-busy");
  }
}

// The message or view that an element stands in.
function placeOf(element) {
  const place = element.closest("[data-view], [data-ts]");
  const view = place.dataset.view;
  return { place, at: view ? { view, values: filled(place) } : { ts: place.dataset.ts } };
}

async function use(element, value) {
  const { place, at } = placeOf(element);
  if (element.dataset.confirm && !(await sure(JSON.parse(element.dataset.confirm)))) {
    return;
  }
  await act("/do/press", { ...at, action: element.dataset.actionId, value }, place);
}

// Asks back, in the words of the app.
function sure([title, text, yes, no, style]) {
  const dialog = document.createElement("dialog");
  const make = (tag, words, more = {}) => Object.assign(document.createElement(tag), { textContent: words ?? "", ...more });
  const answers = document.createElement("footer");
  dialog.className = "sure";
  dialog.setAttribute("aria-label", title ?? "Are you sure?");
  answers.append(
    make("button", no ?? "No", { className: "button", value: "no", onclick: () => dialog.close("no") }),
    make("button", yes ?? "Yes", { className: `button ${style === "danger" ? "danger" : "primary"}`, value: "yes", onclick: () => dialog.close("yes") }),
  );
  dialog.append(make("h2", title), make("p", text), answers);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// What is filled in below `place`, by action.
function filled(place) {
  return Object.fromEntries(each("[data-field]", place).map((field) => [field.dataset.actionId, held(field)]));
}

function held(field) {
  const boxes = each("input[type=checkbox]", field);
  const [input] = each("input:not([type=checkbox]), select, textarea", field);
  if (boxes.length > 0) {
    return boxes.filter((box) => box.checked).map((box) => box.value);
  }
  switch (input?.type) {
    case "radio":
      return find("input:checked", field)?.value ?? null;
    case "datetime-local":
      return input.value ? String(Math.floor(new Date(input.value).getTime() / 1000)) : null;
    default:
      return (input?.role === "combobox" ? input.dataset.value : input?.value) || null;
  }
}

// Instants are shown in the browser's own zone.
function instants(inside) {
  each("[data-instant]", inside).forEach((input) => {
    const at = Number(input.dataset.instant);
    if (at && !input.value) {
      const local = new Date(at * 1000 - new Date(at * 1000).getTimezoneOffset() * 60000);
      input.value = local.toISOString().slice(0, 16);
    }
  });
}

// An external menu: options come while somebody types, and are chosen by key or pointer.

const listOf = (input) => find("[role=listbox]", input.parentElement);

async function search(input) {
  const typed = input.value;
  input.dataset.value = "";
  if (typed.length < Number(input.dataset.least)) {
    return offer(input, []);
  }
  const { place } = placeOf(input);
  const field = input.closest("[data-field]");
  const { options } = await tell("/do/suggest", { view: place.dataset.view, action: field.dataset.actionId, text: typed });
  // The answer to what is no longer there comes too late.
  if (input.value === typed) {
    offer(input, options);
  }
}

function offer(input, options) {
  const list = listOf(input);
  list.replaceChildren(
    ...options.map((option, index) => {
      const line = document.createElement("li");
      line.role = "option";
      line.id = `${list.id}-${index}`;
      line.dataset.value = option.value;
      line.textContent = option.text.text;
      line.setAttribute("aria-selected", "false");
      return line;
    }),
  );
  list.hidden = options.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
}

function choose(input, line) {
  input.value = line.textContent;
  input.dataset.value = line.dataset.value;
  offer(input, []);
  changed(input);
}

function walk(input, step) {
  const lines = [...listOf(input).children];
  const now = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const next = lines[(now + step + lines.length) % lines.length] ?? lines[0];
  lines.forEach((line) => line.setAttribute("aria-selected", String(line === next)));
  if (next) {
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }
}

// A field of which the app hears at once.
function changed(input) {
  const field = input.closest("[data-field][data-tells]");
  if (field) {
    use(field, held(field));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action-id]");
  const line = event.target.closest("[role=option]");
  if (button) {
    button.closest("details")?.removeAttribute("open");
    use(button, button.dataset.kind === "overflow" || button.dataset.value ? button.dataset.value : null);
  } else if (line) {
    choose(find("[role=combobox]", line.closest("[data-field]")), line);
  } else if (event.target.closest("[data-close]")) {
    leave(event.target.closest("dialog"));
  }
  each("details.menu[open]").filter((menu) => !menu.contains(event.target)).forEach((menu) => menu.removeAttribute("open"));
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-field]") && event.target.role !== "combobox") {
    changed(event.target);
  }
});

document.addEventListener("input", (event) => {
  if (event.target.role === "combobox") {
    search(event.target);
  }
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key === "Escape") {
    each("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
  }
  if (input.role !== "combobox" || listOf(input).hidden) {
    return;
  }
  const marked = find("[aria-selected=true]", listOf(input));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && marked) {
    choose(input, marked);
  } else if (event.key === "Escape") {
    offer(input, []);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});

function leave(dialog) {
  return act("/do/close", { view: dialog.dataset.view }, dialog);
}

// Escape closes a modal as its button does: Slack hears of it first.
document.addEventListener("cancel", (event) => {
  if (event.target.dataset?.view) {
    event.preventDefault();
    leave(event.target);
  }
}, true);

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const dialog = event.target.closest("dialog[data-view]");
  if (dialog) {
    await act("/do/submit", { view: dialog.dataset.view, values: filled(dialog) }, dialog);
  } else if (event.target.matches("[data-composer]")) {
    const input = find("#typed");
    const text = input.value.trim();
    if (text) {
      input.value = "";
      toTheEnd();
      if (!(await act("/do/say", { text }, event.target)) && !input.value) {
        input.value = text;
      }
    }
  }
});

const changes = new EventSource("/changes");
changes.addEventListener("open", () => {
  live(true);
  draw();
});
changes.addEventListener("error", () => live(false));
changes.addEventListener("message", draw);

// As the server drew them: what people open or fill in later is no difference.
each("nav, main > header, .log > *").forEach((part) => {
  part.drawn = part.outerHTML;
});
toTheEnd();
each("#modal dialog").forEach(show);
if (new URLSearchParams(location.search).get("tab") === "home") {
  tell("/do/home", {});
}
