// The service worker: a phone rings although the page is closed. It keeps nothing, and answers no requests.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const tell = (what, token) => fetch(what, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ token }),
  credentials: "omit",
}).catch(() => {});

const pages = async () => {
  const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return all.filter((client) => client.url.startsWith(self.registration.scope));
};

async function show(message) {
  const isRing = message.kind === "ring";
  // Somebody who looks at the page sees and hears it there.
  if (isRing && (await pages()).some((client) => client.visibilityState === "visible" && client.focused)) return;
  await self.registration.showNotification(message.title, {
    body: message.body,
    icon: message.icon || undefined,
    tag: message.tag,
    renotify: message.kind !== "over",
    requireInteraction: message.kind !== "over",
    silent: message.kind === "over",
    vibrate: isRing ? [600, 300, 600, 300, 600, 300, 600, 300, 600] : undefined,
    actions: isRing ? [{ action: "answer", title: message.answer }, { action: "refuse", title: message.refuse }] : [],
    data: message,
  });
}

self.addEventListener("push", (event) => {
  const message = event.data.json();
  event.waitUntil(show(message).then(() => tell("heard/", message.token)));
});

async function open(message) {
  const [page] = message.open.startsWith(new URL(self.registration.scope).pathname) ? await pages() : [];
  if (!page) return self.clients.openWindow(message.open);
  page.postMessage({ open: message.open });
  return page.focus();
}

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(action === "refuse" ? tell("not-now/", notification.data.token) : open(notification.data));
});
