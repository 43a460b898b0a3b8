"use strict";
/* Holds the newest documents, keeps them for the next start, and shows them once a frame at most. */

const documents = {};
let isDue = false;

function due() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; show(documents, new Date()); });
}

function heard(topic, payload) {
  const name = topic.slice(topic.lastIndexOf("/") + 1);
  const body = JSON.parse(payload).body;
  if (documents[name] && documents[name].version >= body.version) return;
  documents[name] = body;
  due();
  localStorage.setItem(name, JSON.stringify(body));
}

function tick() {
  due();
  setTimeout(tick, 60000 - (Date.now() % 60000));
}

for (const name of ["view", "people", "calendar"]) {
  const kept = localStorage.getItem(name);
  if (kept) documents[name] = JSON.parse(kept);
}
show(documents, new Date());
tick();
find("mute").addEventListener("click", () => {
  const isOn = find("mute").classList.toggle("on");
  say(find("mute").querySelector("b"), isOn ? "Soitto on pois" : "Soitto pois");
});
new Subscriber(SETTINGS.broker, SETTINGS.device, `care/v1/+/${SETTINGS.device}/down/#`, heard);
