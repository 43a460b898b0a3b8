// The caller's page: it shows what the desk says of calls, and holds this end of those that are its own.
import { Refused, ask, listen, page, post, say, words } from "./desk.js";
import { part } from "./elements.js";
import { own } from "./media.js";
import { lookedIn } from "./looked_in.js";
import { missed } from "./missed.js";
import { Peer } from "../desk/peer.js";
import { people } from "./people.js";
import * as ring from "./ring.js";
import * as wanted from "./wanted.js";

const BEAT_MS = 2000;
const WARNED_S = 60;
const AGAIN_FOR_MS = 30_000;
const AGAIN_EACH_MS = 1_500;
const held = new Map(); // By call id: {peer, tile, name, quality, latest}.
let local = null;
let notice = "";
let attempt = 0; // Grows with each call that begins, and when one is given up before the desk knows it.
let ahead = 0;
let latest = null;
let awake = null;

// ---- this end -------------------------------------------------------------

function tile(name, initials) {
  const picture = Object.assign(document.createElement("video"), { autoplay: true, playsInline: true, hidden: true });
  const face = Object.assign(document.createElement("span"), { className: "face huge", textContent: initials });
  const figure = document.createElement("figure");
  figure.append(face, picture, Object.assign(document.createElement("figcaption"), { textContent: name }));
  picture.addEventListener("resize", () => {
    picture.hidden = !picture.videoWidth;
    face.hidden = !picture.hidden;
    figure.dataset.frames = picture.videoWidth ? "1" : "";
  });
  return figure;
}

async function begin() {
  const mine = ++attempt;
  ring.stop();
  latest = null;
  part("said").hidden = true;
  part("stage").replaceChildren();
  part("call").hidden = false;
  part("call").dataset.state = "preparing";
  part("call-words").textContent = words.connecting;
  show();
  const [media, servers] = await Promise.all([local ? { stream: local, notice } : own(), ask("servers")]);
  if (mine !== attempt) {
    if (local !== media.stream) for (const track of media.stream.getTracks()) track.stop();
    return null;
  }
  local = media.stream;
  notice = media.notice;
  part("own").srcObject = local;
  part("own").hidden = part("camera").hidden = !local.getVideoTracks().length;
  return { mine, servers: servers.iceServers };
}

function connect(servers, { name, initials }) {
  const figure = tile(name, initials);
  const one = { tile: figure, name, quality: "good" };
  one.peer = new Peer(servers, local, {
    onPicture: (stream) => (figure.querySelector("video").srcObject = stream),
    onGone: () => gone(one),
    onBroken: () => again(one),
    onQuality: (quality) => (one.quality = quality),
  });
  part("stage").append(figure);
  return one;
}

async function call(residents, forced = null) {
  const ones = [];
  try {
    const ready = await begin();
    if (!ready) return;
    part("call").dataset.state = "calling";
    const names = residents.map((resident) => resident.name).join(", ");
    part("call-words").textContent = say(forced ? "forcing" : "calling", names);
    ones.push(...residents.map((resident) => connect(ready.servers, resident)));
    const offers = await Promise.all(ones.map((one) => one.peer.offer()));
    const wanted = residents.map((resident, at) => ({ resident: resident.id, offer: offers[at] }));
    if (ready.mine !== attempt) throw new Refused("");
    const placed = await post("place", { page, calls: wanted, reason: forced?.reason ?? null, text: forced?.text ?? "" });
    placed.calls.forEach(({ id }, at) => held.set(id, ones[at]));
    if (ready.mine !== attempt) hangUp();
    follow();
  } catch (error) {
    for (const one of ones) one.peer.close();
    ended(error instanceof Refused ? error.message : words.failed);
    // An answer that was lost on the way: the desk may have placed it all the same.
    if (!(error instanceof Refused)) post("end", { page }).catch(() => {});
  }
}

async function answer(incoming) {
  let one = null;
  try {
    const ready = await begin();
    if (!ready) return;
    one = connect(ready.servers, incoming);
    const offer = await one.peer.offer();
    held.set(incoming.id, one);
    await post("answer", { page, call: incoming.id, offer });
    if (ready.mine !== attempt) hangUp();
    follow();
  } catch (error) {
    one?.peer.close();
    held.delete(incoming.id);
    ended(error instanceof Refused ? error.message : words.failed);
    if (!(error instanceof Refused)) post("end", { page }).catch(() => {});
  }
}

// The desk hears it before the line is cut: otherwise the tablet's word that she is gone may come first.
function hangUp() {
  attempt += 1;
  const heard = Promise.race([post("end", { page }).catch(() => {}), new Promise((go) => setTimeout(go, 1000))]);
  for (const id of [...held.keys()]) drop(id, heard);
  ended("");
}

function gone(one) {
  const id = idOf(one);
  if (!id) return;
  post("end", { page, calls: [id] }).catch(() => {});
  drop(id);
  if (!held.size && !one.again) ended(words.gone);
}

// A network has changed at one end: nothing came for some seconds. The same two are connected again.
async function again(one) {
  const id = idOf(one);
  const lost = one.latest;
  const [resident] = latest.residents.filter((each) => each.id === lost?.resident);
  if (!id || held.size > 1 || !resident || lost.kind === "forced" || lost.state !== "connected") return;
  const mine = attempt;
  const until = performance.now() + AGAIN_FOR_MS;
  drop(id);
  part("call").dataset.state = "again";
  part("call-words").textContent = say("again", resident.name);
  while (mine === attempt && performance.now() < until) {
    const next = await dial(resident, id).catch(() => null);
    if (mine !== attempt) return next && hangUp();
    if (next && (await isThrough(next, until))) return;
    await new Promise((go) => setTimeout(go, AGAIN_EACH_MS));
  }
  if (mine !== attempt) return;
  post("end", { page }).catch(() => {});
  for (const each of [...held.keys()]) drop(each);
  ended(words.gone);
}

// One call in place of another, with an offer of the network that there is now.
async function dial(resident, id) {
  const one = connect((await ask("servers")).iceServers, resident);
  try {
    one.again = true;
    const calls = [{ resident: resident.id, offer: await one.peer.offer() }];
    const placed = await post("place", { page, calls, again: id });
    held.set(placed.calls[0].id, one);
    follow();
    return one;
  } catch (error) {
    one.peer.close();
    one.tile.remove();
    throw error;
  }
}

// Until something is heard of it, or it has ended.
async function isThrough(one, until) {
  while (idOf(one) && performance.now() < until) {
    if (one.latest?.state === "connected" || one.tile.dataset.frames) {
      one.again = false;
      return true;
    }
    await new Promise((go) => setTimeout(go, 200));
  }
  return false;
}

const idOf = (one) => [...held].find(([, each]) => each === one)?.[0];

function drop(id, heard = Promise.resolve()) {
  const one = held.get(id);
  heard.then(() => one.peer.close());
  for (const media of one.tile.querySelectorAll("video")) media.srcObject = null;
  one.tile.remove();
  held.delete(id);
}

function ended(sentence) {
  if (held.size) return;
  for (const track of local?.getTracks() ?? []) track.stop();
  local = null;
  notice = "";
  part("own").srcObject = null;
  part("call").hidden = true;
  part("call").dataset.state = "";
  for (const button of ["mute", "camera"]) part(button).setAttribute("aria-pressed", "false");
  if (sentence) {
    ring.over();
    part("said").querySelector("p").textContent = sentence;
    part("said").hidden = false;
  }
  awake?.release().catch(() => {});
  awake = null;
  show();
}

// ---- what the desk says ---------------------------------------------------

const here = () => (latest?.calls ?? []).filter((each) => each.here);

function follow() {
  for (const each of here()) {
    const one = held.get(each.id);
    if (!one) continue;
    one.latest = each;
    if (each.state === "ended") {
      drop(each.id);
      if (!one.again) ended(each.words);
    } else if (each.answer) one.peer.accept(each.answer).catch(() => gone(one));
  }
  show();
}

const list = people({ onCall: (some) => call(some), onForce: (resident, reason, text) => call([resident], { reason, text }) });

const listMissed = missed({ onSeen: () => post("seen", {}).catch(() => {}) });

function onState(state, desksAhead) {
  latest = state;
  ahead = desksAhead;
  list(state.residents);
  listMissed(state.missed);
  lookedIn(state.looked_in);
  part("me").textContent = state.name;
  for (const button of document.querySelectorAll("[data-presence]")) {
    button.setAttribute("aria-checked", String(button.dataset.presence === state.presence));
  }
  follow();
  answerWanted();
  const chosen = part("call").hidden && wanted.whom(state.residents);
  if (chosen) call([chosen]);
  if (!held.size && state.calls.some((each) => !each.here)) {
    part("said").querySelector("p").textContent = words.elsewhere;
    part("said").hidden = false;
  }
}

// On the notification it was said already: nobody presses twice.
function answerWanted() {
  const incoming = part("call").hidden && wanted.take(latest?.incoming ?? []);
  if (incoming) answer(incoming);
}
wanted.onWanted(answerWanted);

function show() {
  const isCalling = !part("call").hidden;
  const [incoming] = isCalling ? [] : (latest?.incoming ?? []);
  part("incoming").hidden = !incoming;
  if (incoming) {
    part("incoming").dataset.call = incoming.id;
    part("incoming-words").textContent = incoming.words;
    part("incoming-face").textContent = incoming.initials;
    ring.start(incoming.words);
  } else ring.stop();
  if (isCalling) showCall();
}

function showCall() {
  const ones = [...held.values()].filter((one) => one.latest);
  const talking = ones.filter((one) => one.latest.state === "connected" || one.tile.dataset.frames);
  const answering = ones.filter((one) => one.latest.answer);
  if (talking.length) {
    part("call").dataset.state = "connected";
    part("call-words").textContent = say("connected", talking.map((one) => one.name).join(", "));
    navigator.wakeLock?.request("screen").then((lock) => (awake ??= lock), () => {});
  } else if (answering.length) {
    part("call").dataset.state = "answered";
    part("call-words").textContent = say("answered", answering.map((one) => one.name).join(", "));
  }
  const left = Math.min(...ones.filter((one) => one.latest.ends_at).map((one) => secondsLeft(one.latest)));
  const isPoor = talking.some((one) => one.quality === "poor");
  const sentence = left <= WARNED_S ? words.ending : isPoor ? words.poor : notice;
  part("call-notice").textContent = sentence;
  part("call-notice").hidden = !sentence;
  part("call-left").hidden = !(left <= 2 * WARNED_S);
  if (left <= 2 * WARNED_S) part("call-left").textContent = say("left", clock(left));
}

const secondsLeft = (each) => Math.max(0, Math.round((Date.parse(each.ends_at) - Date.now() - ahead) / 1000));
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

// The browser's own clock: no call outlives its limit here, whatever has died elsewhere.
setInterval(() => {
  for (const [id, one] of [...held]) {
    if (!one.latest?.ends_at || secondsLeft(one.latest) > 0) continue;
    if (Date.now() + ahead < Date.parse(one.latest.ends_at) + 2000) continue;
    post("end", { page, calls: [id] }).catch(() => {});
    drop(id);
    ended(words.limit);
  }
  if (!part("call").hidden) showCall();
}, 1000);

// The desk hears that this page lives; and the page, that its calls do, also where the stream is late.
setInterval(async () => {
  const calls = [...held].filter(([, one]) => one.latest).map(([id]) => id);
  if (!calls.length) return;
  const answer = await post("beat", { page, calls }).catch(() => null);
  for (const id of calls) {
    if (answer && !answer.on.includes(id) && held.has(id)) setTimeout(() => held.has(id) && gone(held.get(id)), BEAT_MS);
  }
}, BEAT_MS);

// ---- hands ----------------------------------------------------------------

part("answer").addEventListener("click", () => {
  const incoming = latest.incoming.find((each) => each.id === part("incoming").dataset.call);
  if (incoming) answer(incoming);
});
part("refuse").addEventListener("click", () => {
  const call = part("incoming").dataset.call;
  latest.incoming = latest.incoming.filter((each) => each.id !== call);
  show();
  post("refuse", { call }).catch(() => {});
});
part("hang-up").addEventListener("click", hangUp);
part("said-close").addEventListener("click", () => (part("said").hidden = true));
part("leave").addEventListener("click", () => post("leave", {}).finally(() => location.reload()));

function toggles(button, tracks) {
  part(button).addEventListener("click", () => {
    const isOff = part(button).getAttribute("aria-pressed") !== "true";
    part(button).setAttribute("aria-pressed", String(isOff));
    for (const track of tracks()) track.enabled = !isOff;
    if (button === "camera") part("own").hidden = isOff;
  });
}
toggles("mute", () => local?.getAudioTracks() ?? []);
toggles("camera", () => local?.getVideoTracks() ?? []);

for (const button of document.querySelectorAll("[data-presence]")) {
  button.addEventListener("click", () => post("presence", { presence: button.dataset.presence }).catch(() => {}));
}

addEventListener("pagehide", () => {
  // All of this page's, also one of which the desk knows and the page does not yet.
  if (attempt) post("end", { page }, { keepalive: true }).catch(() => {});
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

listen({
  onState,
  onLost: (isLost) => (part("lost").hidden = !isLost),
  onOut: () => {
    for (const id of [...held.keys()]) drop(id);
    ended("");
    location.reload();
  },
});
