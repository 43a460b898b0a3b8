// A table in a browser: three connections, carried by the desk: sound both ways, our picture, and another's.
const words = JSON.parse(document.getElementById("words").textContent);
const iceServers = JSON.parse(document.getElementById("servers").textContent);
const { token, room } = document.body.dataset;
const isHost = "host" in document.body.dataset;
const base = location.pathname.endsWith(`/${room}/`) ? location.pathname.slice(0, -room.length - 1) : location.pathname;
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 15, max: 15 }, facingMode: "user" };
const AGAIN_MS = 2000;
const $ = (id) => document.getElementById(id);
// Test programs read it too.
const table = (window.table = { seat: "", sound: null, mine: null, seen: null, own: null, listens: false, guests: [], shown: "" });
let live = null;
let me = "";
let isOver = false;
// One after the other: an answer must not overtake the offer before it. Nothing else waits for them.
let seeing = Promise.resolve();

async function post(path, body) {
  const answer = await fetch(base + path, {
    method: "POST", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).words || words.lost);
}
const act = (kind, more = {}) => post("do/", { seat: table.seat, kind, ...more }).catch((error) => say(error.message));
const say = (text) => { $("said").textContent = text; };

function only(transceiver, kind, wanted) {
  const codecs = RTCRtpReceiver.getCapabilities(kind).codecs.filter((codec) => wanted.includes(codec.mimeType.toLowerCase()));
  transceiver.setCodecPreferences?.(codecs);
}

async function offered(connection) {
  await connection.setLocalDescription(await connection.createOffer());
  await gathered(connection);
  return connection.localDescription.sdp;
}
async function gathered(connection) {
  await new Promise((done) => {
    const look = () => connection.iceGatheringState === "complete" && done();
    connection.addEventListener("icegatheringstatechange", look);
    setTimeout(done, 1000);
    look();
  });
}

function close() {
  for (const name of ["sound", "mine", "seen"]) { table[name]?.close(); table[name] = null; }
  $("shown").hidden = true;
}

async function ownMedia() {
  if (table.listens || table.own) return;
  try {
    table.own = await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: PICTURE })
      .catch(() => navigator.mediaDevices.getUserMedia({ audio: SOUND }));
  } catch {
    table.listens = true;
    say(words.no_microphone);
  }
}

async function connect() {
  close();
  await ownMedia();
  const sound = (table.sound = new RTCPeerConnection({ iceServers }));
  const voice = table.own?.getAudioTracks()[0];
  const both = sound.addTransceiver(voice || "audio", { direction: voice ? "sendrecv" : "recvonly" });
  only(both, "audio", ["audio/opus"]);
  sound.ontrack = ({ track }) => { $("sound").srcObject = new MediaStream([track]); };
  sound.onconnectionstatechange = () => {
    if (sound === table.sound && sound.connectionState === "failed") again();
  };
  const camera = table.own?.getVideoTracks()[0];
  let picture = "";
  if (camera) {
    table.mine = new RTCPeerConnection({ iceServers });
    only(table.mine.addTransceiver(camera, { direction: "sendonly" }), "video", ["video/vp8", "video/rtx"]);
    picture = await offered(table.mine);
    $("mine").srcObject = table.own;
    $("mine").hidden = false;
  }
  await post("sit/", { seat: table.seat, room, sound: await offered(sound), picture, listens: table.listens });
  listen();
}

function again() {
  if (isOver || !table.seat) return;
  say(words.lost);
  setTimeout(() => connect().catch(again), AGAIN_MS);
}

function listen() {
  if (live && live.readyState !== EventSource.CLOSED) return;
  live = new EventSource(`${base}live/?seat=${table.seat}`);
  let before = Promise.resolve();
  live.addEventListener("post", ({ data }) => {
    before = before.then(() => take(JSON.parse(data))).catch((error) => say(error.message));
  });
  live.addEventListener("state", ({ data }) => show(JSON.parse(data)));
}

async function take(message) {
  switch (message.kind) {
    case "seat":
      await table.sound.setRemoteDescription({ type: "answer", sdp: message.sound });
      if (message.picture) await table.mine.setRemoteDescription({ type: "answer", sdp: message.picture });
      say(table.listens ? words.listening : words.seated);
      return;
    case "shown":
      table.shown = message.whom;
      seeing = seeing.then(() => see(message)).catch((error) => say(error.message));
      $("shown").hidden = !message.whom;
      return paint();
    case "still":
      $("still").hidden = false;
      return say(words.still);
    case "muted":
      $("speak").hidden = !message.muted;
      return say(message.muted ? words.muted : words.seated);
    case "again":
      return connect();
    case "out":
      return out(message.why);
  }
}

async function see({ whom, offer }) {
  if (!offer && whom) return;
  table.seen?.close();
  table.seen = null;
  if (!whom) return;
  const seen = (table.seen = new RTCPeerConnection({ iceServers }));
  seen.ontrack = ({ track }) => { $("shown").srcObject = new MediaStream([track]); };
  await seen.setRemoteDescription({ type: "offer", sdp: offer });
  await seen.setLocalDescription(await seen.createAnswer());
  await gathered(seen);
  if (seen !== table.seen) return;
  await post("do/", { seat: table.seat, kind: "answer", answer: seen.localDescription.sdp });
}

function show(state) {
  me = state.me;
  table.guests = state.guests;
  paint();
}

function paint() {
  const list = $("guests");
  list.replaceChildren(...table.guests.map((guest) => {
    const row = document.createElement("li");
    const name = document.createElement("strong");
    name.textContent = guest.id === me ? `${guest.name} (${words.you})` : guest.name;
    row.append(name);
    row.classList.toggle("shown", guest.id === table.shown);
    for (const [is, text] of [[guest.host, words.host], [guest.hand, words.hand]]) {
      if (is) row.append(Object.assign(document.createElement("span"), { textContent: text, className: "quiet" }));
    }
    if (isHost && guest.id !== me && !guest.host) {
      row.append(button(words.mute, () => act("mute", { person: guest.id })));
      row.append(button(words.show_out, () => confirm(words.sure_out) && act("show-out", { person: guest.id })));
    }
    return row;
  }));
  const shown = table.guests.find((guest) => guest.id === table.shown);
  $("who").textContent = shown ? shown.name : table.seat && table.guests.length < 2 ? words.alone : "";
}

function button(text, press) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "second small", textContent: text });
  made.addEventListener("click", press);
  return made;
}

async function enter(listens) {
  Object.assign(table, { listens, seat: crypto.randomUUID() });
  isOver = false;
  $("door").hidden = true;
  $("inside").hidden = false;
  say(words.connecting);
  if (document.querySelector("#speak") && listens) $("speak").hidden = isHost;
  try {
    await connect();
  } catch (error) {
    out("", error.message);
  }
}

function out(why, text = "") {
  isOver = true;
  live?.close();
  close();
  table.own?.getTracks().forEach((track) => track.stop());
  Object.assign(table, { own: null, seat: "", guests: [], shown: "" });
  $("mine").hidden = true;
  $("door").hidden = false;
  $("inside").hidden = true;
  $("still").hidden = true;
  paint();
  say(text || words[`out_${why}`] || words.out_left);
}

// A click before this script has come would be lost.
for (const id of ["enter", "listen"]) $(id).disabled = false;
$("enter").addEventListener("click", () => enter(false));
$("listen").addEventListener("click", () => enter(true));
$("leave").addEventListener("click", async () => { await act("leave"); out("left"); });
$("still").addEventListener("click", () => { $("still").hidden = true; say(words.seated); act("still"); });
$("speak").addEventListener("click", () => act("speak"));
$("mute-all")?.addEventListener("click", () => act("mute"));
$("end")?.addEventListener("click", () => confirm(words.sure_end) && act("end"));
addEventListener("pagehide", () => {
  if (!table.seat) return;
  const body = new Blob([JSON.stringify({ seat: table.seat, kind: "leave" })], { type: "application/json" });
  fetch(`${base}do/`, { method: "POST", keepalive: true, headers: { "X-CSRFToken": token }, body });
});
