// Customer service at a relative's call page: it shows what the desk says, as soon as that changes.
const { token, base } = document.body.dataset;
const words = JSON.parse(document.getElementById("words").textContent);
const part = (id) => document.getElementById(id);
const say = (name, value = "") => words[name].replace("%s", value);
const HERE_MS = 1500;
const AGAIN_MS = 2000;
const GATHER_MS = 1000;
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } };
const FACES = ["good", "fair", "bad"];
let latest = { topics: [], visit: null };
let closed = ""; // The visit whose end was seen.
let sent = []; // Own messages that the desk has not shown yet.
let held = null; // {id, connection, local}
let drawn = "";

class Refused extends Error {}

async function post(path, body) {
  const answer = await fetch(`${base}${path}/`, {
    method: "POST",
    headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 403) location.assign(new URL("..", location.href));
  if (answer.status === 204) return null;
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.words);
  return said;
}

const visit = () => (latest.visit && latest.visit.id !== closed ? latest.visit : null);

async function act(kind, more = {}) {
  wrong("");
  try {
    take(await post("do", { kind, visit: visit()?.id, ...more }));
  } catch (error) {
    wrong(error instanceof Refused ? error.message : words.failed);
  }
}

function wrong(sentence) {
  part("wrong").textContent = sentence;
  part("wrong").hidden = !sentence;
}

function button(label, onClick, look = "") {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: look });
  made.addEventListener("click", onClick);
  return made;
}

// ---- messages: numbered here, so that one that is sent twice is known --------------------------------

function number() {
  const known = visit().messages.map((message) => message.own ?? 0).concat(sent.map((message) => message.number));
  return Math.max(0, ...known) + 1;
}

async function deliver() {
  for (const message of [...sent]) {
    const answer = await post("do", { kind: "say", ...message }).catch(() => null);
    if (!answer) return;
    take(answer);
  }
}

part("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = part("text").value.trim();
  if (!text || !visit()) return;
  sent.push({ visit: visit().id, number: number(), text });
  part("text").value = "";
  draw();
  deliver();
});
part("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  part("say").requestSubmit();
});

// ---- picture and sound ---------------------------------------------------------------------------------

async function answer() {
  const { id, offer, iceServers } = visit().call;
  part("answer").hidden = true;
  const connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
  const mine = (held = { id, connection, local: null });
  try {
    mine.local = await navigator.mediaDevices
      .getUserMedia({ audio: SOUND, video: PICTURE })
      .catch(() => navigator.mediaDevices.getUserMedia({ audio: SOUND }));
    const remote = new MediaStream();
    connection.ontrack = ({ track }) => {
      remote.addTrack(track);
      part("agent").srcObject = remote;
    };
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === "connected") act("connected", { call: id });
      if (connection.connectionState === "failed") hangUp();
    };
    await connection.setRemoteDescription({ type: "offer", sdp: offer });
    for (const track of mine.local.getTracks()) connection.addTrack(track, mine.local);
    await connection.setLocalDescription(await connection.createAnswer());
    await new Promise((resolve) => {
      const done = () => connection.iceGatheringState === "complete" && resolve();
      connection.addEventListener("icegatheringstatechange", done);
      setTimeout(resolve, GATHER_MS);
      done();
    });
    part("own").srcObject = mine.local;
    await act("answer", { call: id, answer: connection.localDescription.sdp });
  } catch {
    wrong(words.no_microphone);
    hangUp();
  }
}

function over() {
  if (!held) return;
  held.connection.close();
  for (const track of held.local?.getTracks() ?? []) track.stop();
  held = null;
  part("agent").srcObject = part("own").srcObject = null;
}

function hangUp() {
  const id = held?.id;
  over();
  if (id) act("hang-up", { call: id });
}

// ---- what the desk says ----------------------------------------------------------------------------------

function take(state) {
  latest = state;
  const shown = new Set((latest.visit?.messages ?? []).map((message) => message.own));
  sent = sent.filter((message) => message.visit === latest.visit?.id && !shown.has(message.number));
  if (held && latest.visit?.call?.id !== held.id) over();
  draw();
}

function draw() {
  const now = JSON.stringify([latest, sent, closed, Boolean(held)]);
  if (now === drawn) return;
  drawn = now;
  const here = visit();
  part("title").textContent = here?.call ? callWords(here) : (here?.title ?? (latest.topics.length ? words.choose : words.none));
  const isAsked = here?.stage === "served" && here.way === "text" && here.video === "asked-by-agent";
  const lines = [...(here?.lines ?? [])];
  if (isAsked) lines.push(say("asked", here.agent), words.camera);
  if (here?.way === "text" && here.video === "asked-by-customer") lines.push(words.waits);
  if (here?.rating) lines.push(words.thanks);
  part("lines").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  part("topics").replaceChildren(...(here ? [] : latest.topics.map(topic)));
  drawBubbles(here);
  drawActs(here, isAsked);
}

const callWords = (here) => say(here.call.state === "ringing" ? "calls" : "connected", here.agent);

function topic(each) {
  const item = document.createElement("li");
  const ways = document.createElement("div");
  ways.className = "acts";
  for (const way of each.ways) {
    ways.append(button(words[way === "text" ? "write" : "video"], () => join(each.id, way)));
  }
  item.append(
    Object.assign(document.createElement("strong"), { textContent: each.name }),
    Object.assign(document.createElement("span"), { textContent: each.words, className: "quiet" }),
    ways,
  );
  return item;
}

const join = (queue, way) => act("join", { visit: crypto.randomUUID(), queue: Number(queue), way });

function drawBubbles(here) {
  const bubble = (author, name, text) => {
    const item = Object.assign(document.createElement("li"), { className: `bubble ${author}` });
    item.append(
      Object.assign(document.createElement("span"), { className: "quiet", textContent: name }),
      Object.assign(document.createElement("p"), { textContent: text }),
    );
    return item;
  };
  const isText = here && here.stage !== "waiting" && here.way === "text";
  const known = isText ? here.messages.map((each) => bubble(each.author, `${each.name} ${each.at}`, each.text)) : [];
  const waiting = isText ? sent.map((each) => bubble("customer", words.sending, each.text)) : [];
  part("bubbles").replaceChildren(...known, ...waiting);
}

function drawActs(here, isAsked) {
  const isOpen = here && here.stage !== "ended";
  const isText = here?.stage === "served" && here.way === "text";
  const rings = here?.call?.state === "ringing" && !held;
  part("say").hidden = !isText;
  part("picture").hidden = !held;
  part("answer").hidden = part("not-now").hidden = !rings;
  part("hang-up").hidden = !held;
  part("yes").hidden = part("no").hidden = !isAsked;
  part("raise").hidden = !isText || here.video !== "";
  part("leave").hidden = !isOpen;
  part("again").hidden = !here || isOpen;
  const rates = here?.stage === "ended" && here.end !== "closed" && here.agent && !here.rating;
  const faces = FACES.map((rating) => button(words[rating], () => act("rate", { rating }), "second"));
  part("acts").replaceChildren(...(rates ? faces : []));
}

part("answer").addEventListener("click", answer);
part("not-now").addEventListener("click", () => act("refuse", { call: visit().call.id }));
part("hang-up").addEventListener("click", hangUp);
for (const id of ["yes", "raise"]) part(id).addEventListener("click", () => act("video"));
part("no").addEventListener("click", () => act("write"));
part("leave").addEventListener("click", () => window.confirm(words.leave) && act("leave").then(over));
part("again").addEventListener("click", () => {
  closed = visit().id;
  draw();
});

function follow() {
  const live = new EventSource(`${base}live/`);
  live.addEventListener("state", ({ data }) => {
    take(JSON.parse(data));
    lost(false);
  });
  live.onerror = () => {
    lost(true);
    if (live.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_MS);
  };
}

const lost = (is) => { part("lost").hidden = !is; };

// The stream alone would not say that this page is still here: it outlives a computer that fell asleep.
async function stay() {
  try {
    if (visit() && visit().stage !== "ended") await post("here", {});
    if (sent.length) await deliver();
  } catch {
    lost(true);
  }
  setTimeout(stay, HERE_MS);
}
follow();
stay();
