// The agent's end of a call: offers, rings, and holds it until one of both hangs up. Video never falls back to text.
import { Peer } from "../desk/peer.js";

const FOLLOW_MS = 500;
const CALM_MS = 2000;
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30, max: 30 } };
const part = (id) => document.getElementById(id);
const panel = part("video");

// What has been agreed between both ends since the page was drawn changes what can be done here.
const agreed = () => part("visit-state")?.dataset.video;
const drawn = agreed();
// A page that is being left is not drawn anew: that would take the place of where its form leads.
let isLeft = false;
document.addEventListener("submit", (event) => {
  isLeft ||= !event.defaultPrevented;
});
document.getElementById("messages")?.addEventListener("htmx:afterSwap", () => {
  const text = document.getElementById("text");
  if (isLeft || agreed() === drawn || text?.value || panel?.dataset.state) return;
  sessionStorage.setItem("begins", agreed()?.startsWith("video on served") ? location.pathname : "");
  location.reload();
});

// The customer may agree before this page is drawn again: what was asked for here begins then.
document.querySelector("form[data-begins]")?.addEventListener("submit", () => sessionStorage.setItem("begins", location.pathname));
if (!panel && !drawn?.includes("asked-by-agent")) sessionStorage.removeItem("begins");

class Refused extends Error {}

if (panel) {
  const words = JSON.parse(part("video-words").textContent);
  const { base, servers, token } = panel.dataset;
  const page = crypto.randomUUID();
  let held = null; // {peer, local, id}

  const post = async (path, body, more = {}) => {
    const answer = await fetch(`${base}${path}`, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
      body: JSON.stringify({ page, ...body }),
      ...more,
    });
    if (answer.status === 204) return null;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(said.words || words.failed);
    return said;
  };

  const show = (state, sentence) => {
    panel.dataset.state = state;
    part("video-state").textContent = sentence;
    part("video-start").hidden = Boolean(state);
    part("video-end").hidden = part("video-mute").hidden = !state;
    part("video-camera").hidden = !state || !held?.local.getVideoTracks().length;
    part("customer").hidden = part("own").hidden = !state;
  };

  const notice = (sentence) => {
    part("video-notice").textContent = sentence;
    part("video-notice").hidden = !sentence;
  };

  async function media() {
    if (!navigator.mediaDevices) throw new Refused(words.no_secure);
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: PICTURE });
    } catch {
      // It may be the camera alone.
    }
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
      notice(words.no_camera);
      return found;
    } catch {
      throw new Refused(words.no_microphone);
    }
  }

  function over(sentence) {
    if (!held) return;
    held.peer?.close();
    for (const track of held.local?.getTracks() ?? []) track.stop();
    held = null;
    part("customer").srcObject = part("own").srcObject = null;
    for (const button of ["video-mute", "video-camera"]) part(button).setAttribute("aria-pressed", "false");
    show("", sentence);
  }

  function end(sentence) {
    const id = held?.id;
    if (id) post("end/", { call: id }).catch(() => {});
    over(sentence);
  }

  async function begin() {
    if (held) return;
    const mine = (held = { local: { getVideoTracks: () => [], getTracks: () => [] } });
    notice("");
    show("preparing", words.preparing);
    try {
      mine.local = await media();
      const { iceServers } = await (await fetch(servers)).json();
      part("own").srcObject = mine.local;
      mine.peer = new Peer(iceServers, mine.local, {
        onPicture: (stream) => (part("customer").srcObject = stream),
        onGone: () => held === mine && end(words.gone),
        onQuality: (quality) => panel.dataset.state === "connected" && notice(quality === "poor" ? words.poor : ""),
      });
      const offer = await mine.peer.offer();
      mine.id = (await post("", { offer })).call;
      show("ringing", words.ringing);
      follow(mine);
    } catch (error) {
      over(error instanceof Refused ? error.message : words.failed);
    }
  }

  // Asking how it goes tells the desk that this page lives.
  async function follow(mine) {
    if (held !== mine) return;
    try {
      const answer = await post("follow/", { call: mine.id });
      if (held !== mine) return;
      if (answer.state === "ended") return over(answer.words || words.over);
      if (answer.answer) mine.peer.accept(answer.answer).catch(() => end(words.failed));
      if (answer.state !== "ringing") show(answer.state, words[answer.state]);
    } catch (error) {
      if (error instanceof Refused) return over(error.message);
    }
    setTimeout(() => follow(mine), panel.dataset.state === "connected" ? CALM_MS : FOLLOW_MS);
  }

  const toggle = (id, tracks) =>
    part(id).addEventListener("click", () => {
      const isOff = part(id).getAttribute("aria-pressed") !== "true";
      part(id).setAttribute("aria-pressed", String(isOff));
      for (const track of tracks()) track.enabled = !isOff;
    });
  toggle("video-mute", () => held?.local.getAudioTracks() ?? []);
  toggle("video-camera", () => held?.local.getVideoTracks() ?? []);
  part("video-start").addEventListener("click", begin);
  part("video-end").addEventListener("click", () => end(words.over));
  addEventListener("pagehide", () => held?.id && post("end/", { call: held.id }, { keepalive: true }).catch(() => {}));
  // Both have just agreed: nobody waits for one more press.
  if (sessionStorage.getItem("begins") === location.pathname) begin();
  sessionStorage.removeItem("begins");
}
