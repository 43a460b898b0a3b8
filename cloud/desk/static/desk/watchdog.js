// Says aloud when this page would not hear of a call for help, and reports to the desk whether it would ring.
(() => {
  const SILENT_AFTER_MS = 40000;
  const LOOK_MS = 5000;
  const WARN_BEFORE_S = 1800;
  const { body } = document;
  const strip = document.getElementById("no-ring");
  const refused = document.getElementById("refused");
  const ending = document.getElementById("ending");
  let answeredAt = performance.now();
  let isSignedOut = false;

  // A user who does not answer help has no number of those who wait, and nothing to ring for.
  const rings = document.getElementById("help-count") !== null;
  const isCount = (event) => event.detail.elt?.id === "help-count";
  const isStep = (event) => event.detail.requestConfig?.verb === "post";

  function ask() {
    body.dispatchEvent(new CustomEvent("live-help"));
  }

  function look() {
    const reason = isSignedOut ? "signed-out" : rings && performance.now() - answeredAt > SILENT_AFTER_MS ? "silent" : "";
    if ((body.dataset.cutOff ?? "") === reason) return;
    if (reason) body.dataset.cutOff = reason;
    else delete body.dataset.cutOff;
    strip.hidden = !reason;
    for (const part of strip.querySelectorAll("[data-reason]")) part.hidden = part.dataset.reason !== reason;
    body.dispatchEvent(new CustomEvent("cut-off"));
  }

  function hear(secondsLeft) {
    answeredAt = performance.now();
    isSignedOut = false;
    ending.hidden = !secondsLeft || Number(secondsLeft) > WARN_BEFORE_S;
    look();
  }

  body.addEventListener("htmx:configRequest", (event) => {
    if (isCount(event)) event.detail.headers["X-Rings"] = body.dataset.sound === "running" ? "1" : "0";
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, successful } = event.detail;
    if (successful && isCount(event)) hear(xhr.getResponseHeader("X-Session-Left"));
    if (successful && isStep(event)) refused.hidden = true;
    if (!successful && isStep(event)) refused.hidden = false;
    if (xhr.status === 401) isSignedOut = true;
    look();
  });
  document.getElementById("ask-again").addEventListener("click", ask);
  document.getElementById("stay").addEventListener("click", async () => {
    const options = { headers: { "X-Stay": "1" }, signal: AbortSignal.timeout(10000) };
    const answer = await fetch(window.location.href, options).catch(() => null);
    if (answer?.ok && !answer.redirected) hear(answer.headers.get("X-Session-Left"));
    else ask();
  });
  // A page that slept, or lay behind another, looks at once.
  document.addEventListener("visibilitychange", ask);
  window.addEventListener("online", ask);
  setInterval(look, LOOK_MS);
  // The desk knows of this page from its first moment, and of its sound as soon as it is on.
  let sound = "";
  const soundChanged = () => {
    if (sound === body.dataset.sound) return;
    sound = body.dataset.sound;
    ask();
  };
  body.addEventListener("htmx:load", soundChanged);
  new MutationObserver(soundChanged).observe(body, { attributeFilter: ["data-sound"] });
})();
