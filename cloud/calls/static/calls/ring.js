// It rings: a sound again and again, a notification where the page is not looked at, and the page's title.
const REPEAT_MS = 3000;
const NOTES = [[659, 0], [784, 0.18], [988, 0.36], [784, 0.54]];
const BUSY = [[425, 0], [425, 0.5]];
const context = new AudioContext();
const strip = document.getElementById("sound-off");
const title = document.title;
let timer = 0;
let notice = null;

function play(notes) {
  if (context.state !== "running") return;
  for (const [frequency, delay] of notes) {
    const start = context.currentTime + delay;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.35, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.31);
  }
}

const show = () => (strip.hidden = context.state === "running");

export function start(words) {
  if (timer) return;
  const ring = () => {
    play(NOTES);
    document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + 1);
  };
  ring();
  timer = setInterval(ring, REPEAT_MS);
  document.title = `☎ ${words}`;
  if (document.hidden && window.Notification?.permission === "granted") {
    notice = new Notification(words, { tag: "kotiruutu-call", requireInteraction: true });
    notice.onclick = () => {
      window.focus();
      notice?.close();
    };
  }
}

export function stop() {
  clearInterval(timer);
  timer = 0;
  notice?.close();
  notice = null;
  document.title = title;
}

export const over = () => play(BUSY);

document.getElementById("sound-on").addEventListener("click", () => {
  context.resume();
  if (window.Notification?.permission === "default") Notification.requestPermission();
});
document.addEventListener("click", () => context.resume());
context.addEventListener("statechange", show);
show();
