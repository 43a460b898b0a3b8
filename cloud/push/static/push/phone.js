// Whether this browser may be woken when somebody calls: asked once, by a press, and taken back by another.
import { ask, post, words, Refused } from "../calls/desk.js";
import { part } from "../calls/elements.js";

const box = part("phone");
const isApple = /iPhone|iPad/.test(navigator.userAgent);
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const same = (buffer, key) => buffer && new Uint8Array(buffer).join() === key.join();

function show(isOn) {
  const isDenied = window.Notification?.permission === "denied";
  box.hidden = false;
  part("phone-is-on").hidden = part("phone-stop").hidden = !isOn;
  part("phone-off").hidden = isOn || isDenied;
  part("phone-denied").hidden = !isDenied;
  part("phone-on").hidden = isOn || isDenied;
  part("page-closed").hidden = isOn;
}

// One that was made with an older key of the desk is of no use.
async function subscribe(worker) {
  const key = bytes((await ask("phone/key")).key);
  let found = await worker.pushManager.getSubscription();
  if (found && !same(found.options.applicationServerKey, key)) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await post("phone/subscribe", found.toJSON());
}

async function unsubscribe(worker) {
  const found = await worker.pushManager.getSubscription();
  if (!found) return;
  await post("phone/unsubscribe", { endpoint: found.endpoint });
  await found.unsubscribe();
}

const failed = (error) => {
  part("phone-error").textContent = error instanceof Refused ? error.message : words.failed;
  part("phone-error").hidden = false;
};

async function begin() {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.register(box.dataset.worker, { scope: document.body.dataset.base });
  if (!worker.pushManager) {
    // An iPhone can only once the page is on its home screen.
    box.hidden = !isApple;
    part("phone-install").hidden = false;
    part("phone-on").hidden = part("phone-off").hidden = true;
    return;
  }
  const ready = await navigator.serviceWorker.ready;
  const isOn = Notification.permission === "granted" && Boolean(await ready.pushManager.getSubscription());
  // The desk may have lost it, or speak another language by now.
  if (isOn) await subscribe(ready);
  show(isOn);
  part("phone-on").addEventListener("click", async () => {
    part("phone-error").hidden = true;
    if ((await Notification.requestPermission()) !== "granted") return show(false);
    return subscribe(ready).then(() => show(true), failed);
  });
  part("phone-stop").addEventListener("click", () => unsubscribe(ready).then(() => show(false), failed));
  // The browser that forgets who it was must not ring for them.
  part("leave").addEventListener("click", () => unsubscribe(ready).catch(() => {}), { capture: true });
}

begin().catch(failed);
