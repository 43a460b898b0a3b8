// The menu of a phone: four entries and "More", which opens all of them.
const menu = document.querySelector(".nav");
const more = document.getElementById("more");

if (menu && more) {
  const set = (open) => {
    menu.classList.toggle("open", open);
    more.setAttribute("aria-expanded", String(open));
  };
  more.addEventListener("click", () => {
    const opens = more.getAttribute("aria-expanded") !== "true";
    const hidden = [...menu.querySelectorAll("a")].find((entry) => !entry.checkVisibility());
    set(opens);
    if (opens) hidden?.focus();
  });
  // The next focus of a keyboard user would be behind the open menu.
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) set(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.classList.contains("open")) {
      set(false);
      more.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) set(false);
  });
}
