// The agent's page: sending once, ready words, questions before a step, and news for an agent who looks elsewhere.
(() => {
  const say = document.getElementById("say");
  const messages = document.getElementById("messages");
  const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now());

  const toNewest = () => messages && (messages.scrollTop = messages.scrollHeight);

  if (say) {
    const key = say.elements.key;
    const text = say.elements.text;
    const wrong = document.getElementById("not-said");
    key.value = newKey();
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      say.requestSubmit();
    });
    say.addEventListener("htmx:afterRequest", (event) => {
      // A message that may have been lost keeps its key: sent again, it is not doubled.
      wrong.hidden = event.detail.successful;
      if (!event.detail.successful) {
        wrong.textContent = event.detail.xhr.responseText.slice(0, 200);
        return;
      }
      say.reset();
      key.value = newKey();
      text.focus();
    });
    for (const ready of document.querySelectorAll("[data-text]")) {
      ready.addEventListener("click", () => {
        text.value = text.value ? `${text.value} ${ready.dataset.text}` : ready.dataset.text;
        text.focus();
      });
    }
  }

  messages?.addEventListener("htmx:afterSwap", toNewest);
  toNewest();

  let waiting = 0;
  function tell() {
    const now = Number(document.querySelector("#queue-board [data-untaken]")?.dataset.untaken ?? 0);
    if (now > waiting && document.hidden && "Notification" in window && Notification.permission === "granted") {
      new Notification(document.title);
    }
    waiting = now;
  }
  document.body.addEventListener("htmx:afterSwap", tell);
  document.body.addEventListener(
    "click",
    () => "Notification" in window && Notification.permission === "default" && Notification.requestPermission(),
    { once: true },
  );
  tell();
})();
