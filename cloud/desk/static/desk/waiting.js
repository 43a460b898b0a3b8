// Clocks that tick: how long somebody has waited, by the desk's own time, not by this computer's.
(() => {
  const ahead = Date.parse(document.body.dataset.now) - Date.now();

  function words(seconds) {
    const pad = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  }

  function tick() {
    for (const clock of document.querySelectorAll("[data-since]")) {
      const seconds = Math.floor((Date.now() + ahead - Date.parse(clock.dataset.since)) / 1000);
      clock.textContent = words(Math.max(0, seconds));
    }
  }

  tick();
  setInterval(tick, 1000);
  document.body.addEventListener("htmx:afterSwap", tick);
})();
