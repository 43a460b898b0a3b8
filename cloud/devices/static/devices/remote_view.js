"use strict";
// A live view of a screen: packets of one letter, a length and a JPEG (P) or words (W), drawn as they come.

document.querySelectorAll("[data-remote-view]").forEach((box) => {
  const part = (name) => box.querySelector(`[data-remote-view-${name}]`);
  const canvas = part("picture");
  let running = null;

  const say = (words) => {
    part("words").textContent = words;
    part("words").hidden = !words;
  };

  const post = (address, body) => fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": box.querySelector("[name=csrfmiddlewaretoken]").value },
    body: body && JSON.stringify(body),
  });

  const show = async (jpeg) => {
    const picture = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }));
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.hidden = false;
    box.dataset.pictures = Number(box.dataset.pictures || 0) + 1;
  };

  const take = async (stream) => {
    const reader = stream.getReader();
    let waiting = new Uint8Array(0);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const longer = new Uint8Array(waiting.length + value.length);
      longer.set(waiting);
      longer.set(value, waiting.length);
      waiting = longer;
      while (waiting.length >= 5) {
        const end = 5 + new DataView(waiting.buffer, waiting.byteOffset).getUint32(1);
        if (waiting.length < end) break;
        const content = waiting.slice(5, end);
        if (waiting[0] === 0x50) await show(content);
        else say(new TextDecoder().decode(content));
        waiting = waiting.slice(end);
      }
    }
  };

  const view = async () => {
    if (running) return;
    running = new AbortController();
    const { signal } = running;
    part("start").hidden = true;
    part("stop").hidden = false;
    say("");
    try {
      const allowed = await post(box.dataset.start);
      const answer = await allowed.json();
      if (!allowed.ok) {
        say(answer.words);
        return;
      }
      const pictures = await fetch(answer.stream, { signal });
      if (!pictures.ok) {
        say((await pictures.json()).words);
        return;
      }
      await take(pictures.body);
      say(box.dataset.ended);
    } catch (error) {
      say(signal.aborted ? box.dataset.ended : box.dataset.lost);
    } finally {
      running = null;
      canvas.hidden = true;
      part("start").hidden = false;
      part("stop").hidden = true;
    }
  };

  part("start").addEventListener("click", view);
  part("stop").addEventListener("click", () => running && running.abort());
  window.addEventListener("pagehide", () => running && running.abort());
  canvas.addEventListener("click", async (event) => {
    const edges = canvas.getBoundingClientRect();
    const answer = await post(box.dataset.tap, {
      x: (event.clientX - edges.left) / edges.width,
      y: (event.clientY - edges.top) / edges.height,
    });
    if (!answer.ok) say((await answer.json()).words);
  });
});
