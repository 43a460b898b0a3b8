// The way to the care desk: what the page asks for, and the stream of all that it shows.
const { token, base } = document.body.dataset;

export const words = JSON.parse(document.getElementById("words").textContent);
export const page = crypto.randomUUID();
export const say = (name, value = "") => words[name].replace("%s", value);

// Refused, in words for the one who reads; anything else that goes wrong has none.
export class Refused extends Error {}

async function taken(answer) {
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.words || words.failed);
  return said;
}

export const post = async (what, body, more = {}) => taken(await fetch(`${base}${what}/`, {
  method: "POST",
  headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
  body: JSON.stringify(body),
  ...more,
}));

export const ask = async (what) => taken(await fetch(`${base}${what}/`));

// Tells ``onState(state, ahead)``, ``ahead`` being how many ms the desk's clock is before ours.
export function listen({ onState, onLost, onOut }) {
  const source = new EventSource(`${base}live/?page=${page}`);
  source.onopen = () => onLost(false);
  source.onerror = async () => {
    onLost(true);
    // A broken line is mended by the browser itself; a refusal may be for good.
    if (source.readyState !== EventSource.CLOSED) return;
    const answer = await fetch(`${base}servers/`).catch(() => null);
    if (answer?.status === 403) onOut();
    else setTimeout(() => listen({ onState, onLost, onOut }), 3000);
  };
  source.addEventListener("state", (event) => {
    const { now, state } = JSON.parse(event.data);
    onState(state, Date.parse(now) - Date.now());
  });
  source.addEventListener("out", () => {
    source.close();
    onOut();
  });
}
