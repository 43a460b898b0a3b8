// Which call was answered before the page was open: on a notification, or by the link in an e-mail.
const query = new URLSearchParams(location.search);
let wanted = query.get("answer");
// Whom somebody at the desk has chosen to call.
let chosen = Number(query.get("call"));

// Once: reloaded, the page must not answer or call again.
if (wanted || chosen) history.replaceState(null, "", location.pathname);

export const take = (incoming) => {
  const found = incoming.find((each) => each.id === wanted);
  if (found) wanted = null;
  return found;
};

export function whom(residents) {
  const found = residents.find((each) => each.id === chosen);
  chosen = 0;
  return found;
}

export function onWanted(go) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    wanted = new URL(data.open, location.href).searchParams.get("answer");
    if (wanted) go();
  });
}
