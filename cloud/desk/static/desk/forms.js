// Small services of forms: a choice that submits at once, a file that is too large,
// a question before something goes for good.
(() => {
  const REST_MS = 500;
  // Forms with something entered that was not sent.
  const unsaved = new Set();
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("change", (event) => {
    const { mostBytes, tooLarge } = event.target.dataset;
    if (!mostBytes) return;
    const said = event.target.parentElement.querySelector("[data-said]");
    said?.remove();
    if (![...event.target.files].some((file) => file.size > Number(mostBytes))) return;
    event.target.value = "";
    const words = Object.assign(document.createElement("p"), { className: "error", textContent: tooLarge });
    words.dataset.said = "";
    words.setAttribute("role", "alert");
    event.target.after(words);
  });
  // The answer to a search that was sent before this choice would take the choice away.
  document.addEventListener("change", (event) => {
    const found = event.target.closest(".choices")?.closest(".found");
    if (found) htmx.trigger(found.querySelector("[type=search]"), "htmx:abort");
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-selects]")) event.target.select();
  });
  document.addEventListener("click", (event) => {
    const { copies } = event.target.dataset;
    if (copies) navigator.clipboard?.writeText(document.getElementById(copies).value);
  });
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.asks ?? event.target.dataset.asks;
    if (question && !window.confirm(question)) event.preventDefault();
    else unsaved.delete(event.target);
  });
  // Of what was entered and not saved the browser asks before the page is left.
  document.addEventListener("input", (event) => {
    const { form } = event.target;
    if (form?.method === "post" && form.closest("main")) unsaved.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    // A form that was saved in the background has been replaced by another one.
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });
  // A keyboard user goes on where they pressed: at the same button, or at the first one of its row.
  let pressed = "";
  let row = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (requestConfig?.verb !== "post") return;
    pressed = (document.activeElement === document.body ? elt : document.activeElement).id;
    row = elt.closest("li[id], form[id]")?.id ?? "";
  });
  // A double click must not hit the button that comes up where the pressed one was.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig?.verb !== "post") return;
    const buttons = [...event.detail.target.querySelectorAll("button:not([disabled])")];
    for (const button of buttons) button.disabled = true;
    setTimeout(() => {
      for (const button of buttons) button.disabled = false;
      if (document.activeElement !== document.body) return;
      const own = document.getElementById(row);
      const next = own?.querySelector(".act :is(button, a.button)") ?? own?.querySelector("button, a.button");
      (document.getElementById(pressed) ?? next)?.focus();
    }, REST_MS);
  });
})();
