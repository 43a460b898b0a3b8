// Who looked in on a resident by a forced call, and why.
import { make, part } from "./elements.js";

let drawn = "";

export function lookedIn(calls) {
  const now = JSON.stringify(calls);
  if (now === drawn) return;
  drawn = now;
  part("looked-in-section").hidden = !calls.length;
  part("looked-in").replaceChildren(...calls.map((call) => make("li", {},
    make("span", { className: "face", textContent: call.initials, ariaHidden: "true" }),
    make("div", { className: "grow" }, make("strong", { textContent: call.name }), make("span", { className: "quiet", textContent: call.words })))));
}
