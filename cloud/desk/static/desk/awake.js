// Keeps the screen of a help board on, and notifies of a call for help while another window is in front of it.
(() => {
  const strip = document.getElementById("sound-off");
  if (!("always" in strip.dataset)) return;
  const title = document.querySelector("h1")?.textContent ?? document.title;
  let lock = null;
  let announced = 0;

  async function stayOn() {
    if (document.hidden || (lock && !lock.released)) return;
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    document.body.dataset.awake = lock ? "1" : "";
  }

  const untaken = () => Number(document.querySelector("#help-count [data-untaken]")?.dataset.untaken ?? 0);

  function tell() {
    const waiting = untaken();
    if (waiting > announced && document.hidden && globalThis.Notification?.permission === "granted") {
      const note = new Notification(title, { body: document.title, tag: "help", renotify: true, requireInteraction: true });
      note.onclick = () => {
        window.focus();
        note.close();
      };
    }
    announced = waiting;
  }

  // Browsers ask the person only after a touch.
  document.getElementById("sound-on").addEventListener("click", () => {
    if (globalThis.Notification?.permission === "default") Notification.requestPermission();
  });
  document.addEventListener("visibilitychange", stayOn);
  document.body.addEventListener("htmx:afterSwap", tell);
  stayOn();
  tell();
})();
