// The list of those who may be called, and the question before a forced call.
import { say, words } from "./desk.js";
import { make, part } from "./elements.js";

let isSeveral = false;
let chosen = new Set();
let drawn = "";
let latest = [];

export function people({ onCall, onForce }) {
  const row = (resident) => {
    const isReady = resident.reach === "ready" || resident.reach === "in-call";
    const about = make("div", { className: "grow" },
      make("strong", { textContent: resident.name }),
      make("span", { className: "reach" }, make("i", { className: `dot ${resident.reach}` }), resident.words));
    const face = make("span", { className: "face", textContent: resident.initials, ariaHidden: "true" });
    if (isSeveral) {
      const box = make("input", { type: "checkbox", checked: chosen.has(resident.id), disabled: !isReady });
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(resident.id);
        else chosen.delete(resident.id);
        bar();
      });
      return make("li", {}, make("label", { className: "pick" }, face, about, box));
    }
    const call = make("button", { type: "button", className: "answer", disabled: !isReady, textContent: words.call });
    call.setAttribute("aria-label", say("call_one", resident.name));
    call.addEventListener("click", () => onCall([resident]));
    const buttons = make("div", { className: "acts" }, call);
    if (resident.may_force) {
      const force = make("button", { type: "button", className: "second", disabled: !isReady, textContent: words.force });
      force.addEventListener("click", () => askWhy(resident, onForce));
      buttons.append(force);
    }
    const item = make("li", {}, face, about, buttons);
    item.dataset.resident = resident.id;
    return item;
  };

  const bar = () => {
    const ready = latest.filter((resident) => resident.reach === "ready" || resident.reach === "in-call");
    chosen = new Set([...chosen].filter((id) => ready.some((resident) => resident.id === id)));
    part("several-bar").hidden = latest.length < 2;
    part("several").hidden = isSeveral;
    part("several-end").hidden = part("call-chosen").hidden = !isSeveral;
    part("call-chosen").textContent = chosen.size ? say("call_several", String(chosen.size)) : words.call;
    part("call-chosen").disabled = !chosen.size;
  };

  const draw = () => {
    part("people").replaceChildren(...latest.map(row));
    part("none").hidden = latest.length > 0;
    bar();
  };

  const switchTo = (several) => {
    isSeveral = several;
    chosen = new Set();
    draw();
  };
  part("several").addEventListener("click", () => switchTo(true));
  part("several-end").addEventListener("click", () => switchTo(false));
  part("call-chosen").addEventListener("click", () => {
    const some = latest.filter((resident) => chosen.has(resident.id));
    switchTo(false);
    onCall(some);
  });

  return (residents) => {
    const now = JSON.stringify(residents);
    latest = residents;
    // Not under a finger for nothing: a list that is the same is not redrawn.
    if (now !== drawn) draw();
    drawn = now;
  };
}

function askWhy(resident, onForce) {
  const dialog = part("force");
  part("force-form").reset();
  part("force-name").textContent = resident.name;
  part("force-error").hidden = true;
  part("force-form").onsubmit = (event) => {
    event.preventDefault();
    const text = part("reason-text").value.trim();
    if (!text) {
      part("force-error").textContent = words.why;
      part("force-error").hidden = false;
      return;
    }
    dialog.close();
    onForce(resident, part("reason").value, text);
  };
  part("force-cancel").onclick = () => dialog.close();
  dialog.showModal();
}
