// Which call was answered before the page was open: on a notification, or by the link in an e-mail.
let wanted = new URLSearchParams(location.search).get("answer");

// Once: reloaded, the page must not answer again.
if (wanted) history.replaceState(null, "", location.pathname);

export const take = (incoming) => {
  const found = incoming.find((each) => each.id === wanted);
  if (found) wanted = null;
  return found;
};

export function onWanted(go) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    wanted = new URL(data.open, location.href).searchParams.get("answer");
    if (wanted) go();
  });
}
