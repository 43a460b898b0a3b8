// The live connection: one for all pages of this browser where it can share, each its own where it cannot.
// A page hears "live-help" or "live-device" on its body, and asks again for what it shows. Where the notification names
// rows, only those that the page shows hear "changed-row"; every other page does nothing. Parts that many pages show
// (data-streamed) come with the notification, and are not asked for.
(() => {
  const shown = [...document.querySelectorAll("[data-streamed]")].map((part) => ["part", part.getAttribute("hx-get")]);
  const address = `${document.body.dataset.live}${shown.length ? "?" : ""}${new URLSearchParams(shown)}`;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kotiruutu-live") : null;
  const lost = document.getElementById("live-lost");

  // However many notifications come, no part is asked for more often than this.
  const SHORTEST_MS = { device: 2000, queue: 2000 };
  const MOST_ROWS_ALONE = 5;
  const SUBJECTS = ["help", "device", "queue", "visit"];
  const lastTold = {};
  const waiting = {};

  function tellNow(subject) {
    lastTold[subject] = performance.now();
    document.body.dispatchEvent(new CustomEvent(`live-${subject}`));
  }

  function restMs(subject) {
    return (lastTold[subject] ?? -Infinity) + (SHORTEST_MS[subject] ?? 0) - performance.now();
  }

  function tell(subject) {
    const rest = restMs(subject);
    if (rest <= 0) tellNow(subject);
    else
      waiting[subject] ??= setTimeout(() => {
        waiting[subject] = null;
        tellNow(subject);
      }, rest);
  }

  function tellRows(subject, rows) {
    const named = new Set(rows);
    const shown = [...document.querySelectorAll("[data-row]")].filter((each) => named.has(each.dataset.row));
    if (!shown.length) return;
    // An answer with all rows that is still under way would put the row back as it was.
    if (restMs(subject) > 0 || shown.length > MOST_ROWS_ALONE) tell(subject);
    else for (const row of shown) htmx.trigger(row, "changed-row");
  }

  // Without its HTML a part is as it was; a page that shows another asks.
  const brought = new Set();
  const drawnAt = new WeakMap();
  const askedAt = new WeakMap();
  function draw({ url, digest, html }) {
    for (const part of document.querySelectorAll("[data-streamed]")) {
      if (part.getAttribute("hx-get") !== url || (html === undefined && part.dataset.seen !== digest)) continue;
      brought.add(part);
      if (part.dataset.seen === digest || isHeld(part)) continue;
      htmx.swap(part, html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 });
      part.dataset.seen = digest;
      drawnAt.set(part, performance.now());
    }
  }

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (brought.has(event.detail.elt)) event.preventDefault();
    askedAt.set(event.detail.xhr, performance.now());
  });
  const isOlder = ({ target, xhr }) => askedAt.get(xhr) < drawnAt.get(target);

  function hear({ subject, rows, parts }) {
    if (rows) return tellRows(subject, rows);
    for (const part of parts ?? []) draw(part);
    tell(subject);
    brought.clear();
  }

  function show(isLost) {
    if (lost.hidden === !isLost) return;
    lost.hidden = !isLost;
    // Something may have changed while nobody listened. Of the devices the new stream says so itself.
    if (!isLost) for (const subject of ["help", "queue", "visit"]) tell(subject);
  }

  function share(message) {
    if ("subject" in message) hear(message);
    else show(message.lost);
    channel?.postMessage(message);
  }

  function listen() {
    const source = new EventSource(address);
    source.onopen = () => share({ lost: false });
    source.onerror = () => {
      share({ lost: true });
      // A refusal closes for good; a broken line is mended by the browser itself.
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 15000);
    };
    for (const subject of SUBJECTS) {
      source.addEventListener(subject, ({ data }) => share({ subject, rows: data === "*" ? null : data.split(" ") }));
    }
    source.addEventListener("parts", ({ data }) => share(JSON.parse(data)));
  }

  // Not before htmx listens on this page: the stream's first notification would pass unheard.
  document.addEventListener("DOMContentLoaded", () => {
    if (!channel || !navigator.locks) return listen();
    channel.onmessage = (event) => ("subject" in event.data ? hear(event.data) : show(event.data.lost));
    navigator.locks.request("kotiruutu-live", () => {
      listen();
      return new Promise(() => {});
    });
  });

  // What the page shows already is not sent again.
  document.body.addEventListener("htmx:configRequest", (event) => {
    const seen = event.detail.elt.dataset.seen;
    if (seen) event.detail.headers["X-Seen"] = seen;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const digest = event.detail.xhr?.getResponseHeader("X-Digest");
    if (digest) event.detail.target.dataset.seen = digest;
  });

  // Redrawing a part takes its buttons away: not under a finger, and not while one of them is waiting.
  // Never for long: a board that is not drawn any more would be worse than a lost click.
  const LONGEST_HOLD_MS = 10000;
  let held = 0;
  let heldSince = 0;
  let missed = false;
  function hold() {
    held += 1;
    heldSince = performance.now();
  }
  function release() {
    held = Math.max(0, held - 1);
    if (held || !missed) return;
    missed = false;
    for (const subject of SUBJECTS) tell(subject);
  }
  function isHeld(part) {
    if (performance.now() - heldSince > LONGEST_HOLD_MS) held = 0;
    if (!held || !part.querySelector("button")) return false;
    missed = true;
    return true;
  }
  let finger = false;
  document.addEventListener("pointerdown", () => {
    if (!finger) hold();
    finger = true;
  });
  // The click follows the finger: whatever it starts comes first.
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => {
      if (finger) setTimeout(release);
      finger = false;
    });
  }
  const isStep = (event) => event.detail.requestConfig?.verb === "post";
  document.body.addEventListener("htmx:beforeSend", (event) => isStep(event) && hold());
  document.body.addEventListener("htmx:afterRequest", (event) => isStep(event) && release());
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (!isStep(event) && (isOlder(event.detail) || isHeld(event.detail.target))) event.detail.shouldSwap = false;
  });
  // Refused by the server or not reached at all: say so, in the page's own words.
  for (const kind of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(kind, () => show(true));
})();
