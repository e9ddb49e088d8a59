// Draws the page anew whenever a message came; without scripts, reload it by hand.
"use strict";

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

// Puts the fresh page in place and leaves the reader where they were.
function replace(fresh) {
  const focused = document.activeElement?.getAttribute("href");
  const before = [...document.querySelectorAll("nav, main")].map((part) => part.scrollTop);
  const followed = atTheEnd();
  document.title = fresh.title;
  document.body.replaceChildren(...fresh.body.childNodes);
  document.querySelectorAll("nav, main").forEach((part, index) => {
    part.scrollTop = before[index];
  });
  if (focused) {
    document.querySelector(`nav a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  if (followed) {
    toTheEnd();
  }
}

function atTheEnd() {
  const conversation = document.querySelector("main");
  return conversation.scrollHeight - conversation.scrollTop - conversation.clientHeight < 80;
}

function toTheEnd() {
  const conversation = document.querySelector("main");
  conversation.scrollTop = conversation.scrollHeight;
}

function live(on) {
  document.documentElement.dataset.live = on ? "yes" : "no";
}

const changes = new EventSource("/changes");
changes.addEventListener("open", () => {
  live(true);
  draw();
});
changes.addEventListener("error", () => live(false));
changes.addEventListener("message", draw);
toTheEnd();
