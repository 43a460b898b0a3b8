// The menu of a phone: four entries and "More", which opens all of them.
const menu = document.querySelector(".nav");
const more = document.getElementById("more");

if (menu && more) {
  const set = (open) => {
    menu.classList.toggle("open", open);
    more.setAttribute("aria-expanded", String(open));
  };
  more.addEventListener("click", () => set(more.getAttribute("aria-expanded") !== "true"));
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
