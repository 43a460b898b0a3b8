// Two notes, again and again, while somebody waits for an answer, or while this page would not hear of it.
(() => {
  const REPEAT_MS = 4000;
  const notes = [[880, 0], [660, 0.22]];
  const strip = document.getElementById("sound-off");
  const title = document.title;
  const context = new AudioContext();
  let timer = 0;

  // Requests for help, and on an agent's page the customers in line.
  const untaken = () =>
    [...document.querySelectorAll("[data-untaken]")].reduce((sum, each) => sum + Number(each.dataset.untaken), 0);

  function note([frequency, delay]) {
    const start = context.currentTime + delay;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.35, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.21);
  }

  function ring() {
    if (context.state === "running") notes.forEach(note);
    document.body.dataset.rang = String(Number(document.body.dataset.rang ?? 0) + 1);
  }

  function attend() {
    const waiting = untaken();
    const isCutOff = "cutOff" in document.body.dataset;
    const calls = waiting || isCutOff;
    document.body.dataset.sound = context.state;
    document.title = `${isCutOff ? "⚠ " : ""}${waiting ? `(${waiting}) ` : ""}${title}`;
    strip.hidden = context.state === "running" || !(calls || "always" in strip.dataset);
    if (calls && !timer) {
      ring();
      timer = setInterval(ring, REPEAT_MS);
    } else if (!calls && timer) {
      clearInterval(timer);
      timer = 0;
    }
  }

  // A telephone call or another page may take the sound away at any time: it is asked for again at once, and
  // by every click. Not as the finger comes down: the strip would vanish, and the button would move from under it.
  const comeBack = () => context.state !== "running" && context.resume().catch(() => {});
  document.body.addEventListener("click", comeBack);
  document.addEventListener("visibilitychange", comeBack);
  context.addEventListener("statechange", () => {
    attend();
    comeBack();
  });
  document.body.addEventListener("htmx:afterSwap", attend);
  document.body.addEventListener("cut-off", attend);
  attend();
})();
