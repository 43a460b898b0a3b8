// Small services of forms: a choice that submits at once, a question before something goes for good.
(() => {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.asks ?? event.target.dataset.asks;
    if (question && !window.confirm(question)) event.preventDefault();
  });
})();
