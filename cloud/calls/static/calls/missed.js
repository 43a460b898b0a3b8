// Calls in vain, until they are seen or called back.
import { make, part } from "./elements.js";

let drawn = "";

export function missed({ onSeen }) {
  part("missed-seen").addEventListener("click", onSeen);
  return (calls) => {
    const now = JSON.stringify(calls);
    if (now === drawn) return;
    drawn = now;
    part("missed-section").hidden = !calls.length;
    part("missed").replaceChildren(...calls.map((call) => make("li", {},
      make("span", { className: "face", textContent: call.initials, ariaHidden: "true" }),
      make("div", { className: "grow" }, make("strong", { textContent: call.name }), make("span", { className: "quiet", textContent: call.words })))));
  };
}
