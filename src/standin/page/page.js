// Draws the page anew whenever a message came; without scripts, reload it by hand.
"use strict";

let drawing = false;
let again = false;

async function draw() {
  if (drawing) {
    again = true;
    return;
  }
  drawing = true;
  do {
    again = false;
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = document.querySelector("nav").scrollTop;
    document.title = fresh.title;
    document.body.replaceChildren(...fresh.body.childNodes);
    document.querySelector("nav").scrollTop = list;
    toTheEnd();
  } while (again);
  drawing = false;
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
  draw().catch(() => {});
});
changes.addEventListener("error", () => live(false));
changes.addEventListener("message", () => {
  draw().catch(() => {
    drawing = false;
  });
});
toTheEnd();
