// The agent's page: sending once, templates, and notifications for an agent who looks elsewhere.
(() => {
  const say = document.getElementById("say");
  const messages = document.getElementById("messages");
  const RETRY_MS = 1000;
  const ANSWER_MS = 10000;
  const newKey = () => (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now());

  const toNewest = () => messages && (messages.scrollTop = messages.scrollHeight);

  // ---- sending: one after the other, each repeated with its key until the desk has answered ----------

  if (say) {
    const text = say.elements.text;
    const wrong = document.getElementById("not-said");
    const unsent = document.getElementById("unsent");
    const outbox = [];
    let isSending = false;

    function bubble(words) {
      const item = document.createElement("li");
      item.className = "bubble agent";
      item.append(Object.assign(document.createElement("p"), { textContent: words }));
      unsent.append(item);
      return item;
    }

    function explain(sentence) {
      wrong.textContent = sentence;
      wrong.hidden = !sentence;
    }

    async function post({ key, words }) {
      const body = new FormData(say);
      body.set("key", key);
      body.set("text", words);
      const answer = await fetch(say.action, {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { "HX-Request": "true" },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.status >= 500) throw new Error(answer.statusText);
      return { ok: answer.ok, isWords: (answer.headers.get("Content-Type") ?? "").startsWith("text/plain"), said: await answer.text() };
    }

    function settle(message, answer) {
      outbox.shift();
      message.item.remove();
      if (answer.ok) {
        messages.innerHTML = answer.said;
        explain("");
      } else {
        // Refused, and not for want of a connection: the agent has the words back.
        text.value = [message.words, text.value].filter(Boolean).join("\n");
        explain(answer.isWords ? answer.said.slice(0, 200) : wrong.dataset.refused);
      }
      toNewest();
    }

    // Stored, while its answer is still on the way: shown once.
    messages.addEventListener("htmx:afterSwap", () => {
      for (const { key, item } of outbox) item.hidden = Boolean(messages.querySelector(`[data-key="${key}"]`));
    });

    async function sendAll() {
      if (isSending) return;
      isSending = true;
      while (outbox.length) {
        const answer = await post(outbox[0]).catch(() => null);
        if (answer) {
          settle(outbox[0], answer);
        } else {
          explain(wrong.dataset.again);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      isSending = false;
    }

    say.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = text.value.trim();
      if (!words) return;
      outbox.push({ key: newKey(), words, item: bubble(words) });
      text.value = "";
      text.focus();
      toNewest();
      sendAll();
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      say.requestSubmit();
    });
    window.addEventListener("beforeunload", (event) => outbox.length && event.preventDefault());
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
