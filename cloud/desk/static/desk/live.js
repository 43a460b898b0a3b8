// The live connection: one for all pages of this browser where it can share, each its own where it cannot.
// A page hears "live-help" or "live-device" on its body, and asks again for what it shows.
(() => {
  const address = document.body.dataset.live;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("kotiruutu-live") : null;
  const lost = document.getElementById("live-lost");

  function tell(subject) {
    document.body.dispatchEvent(new CustomEvent(`live-${subject}`));
  }

  function show(isLost) {
    if (lost.hidden === !isLost) return;
    lost.hidden = !isLost;
    // Something may have changed while nobody listened.
    if (!isLost) for (const subject of ["help", "device"]) tell(subject);
  }

  function share(message) {
    if ("subject" in message) tell(message.subject);
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
    for (const subject of ["help", "device"]) source.addEventListener(subject, () => share({ subject }));
  }

  if (channel && navigator.locks) {
    channel.onmessage = (event) => ("subject" in event.data ? tell(event.data.subject) : show(event.data.lost));
    navigator.locks.request("kotiruutu-live", () => {
      listen();
      return new Promise(() => {});
    });
  } else listen();

  // What the page shows already is not sent again.
  document.body.addEventListener("htmx:configRequest", (event) => {
    const seen = event.detail.elt.dataset.seen;
    if (seen) event.detail.headers["X-Seen"] = seen;
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const digest = event.detail.xhr.getResponseHeader("X-Digest");
    if (digest) event.detail.target.dataset.seen = digest;
  });
  // Refused by the server or not reached at all: say so, in the page's own words.
  for (const kind of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(kind, () => show(true));
})();
