// Passkeys: a form with data-passkey asks the desk what to do, lets the browser do it, and sends the answer.
(() => {
  const forms = [...document.querySelectorAll("form[data-passkey]")];
  const has = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  for (const form of forms) {
    if (!has) {
      form.hidden = true;
      continue;
    }
    form.addEventListener("submit", (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      run(form).catch(() => (form.querySelector("[role=alert]").hidden = false));
    });
  }

  async function run(form) {
    form.querySelector("[role=alert]").hidden = true;
    const token = form.elements.csrfmiddlewaretoken;
    // A sign-in page stays open for hours, and a sign-in in another tab changes the token. A key that is
    // added belongs to the account that opened the page, so there an old token stays refused.
    if (form.dataset.passkey === "use") token.value = document.cookie.match(/(?:^|; )csrftoken=(\w+)/)?.[1] ?? token.value;
    const headers = { "X-CSRFToken": token.value };
    const response = await fetch(form.dataset.options, { method: "POST", headers });
    if (!response.ok) throw new Error(`${response.status}`);
    const { publicKey } = await response.json();
    const made =
      form.dataset.passkey === "make"
        ? await navigator.credentials.create({
            publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
          })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    form.elements.answer.value = JSON.stringify(made.toJSON());
    form.requestSubmit();
  }
})();
