"use strict";
/* Brings the elements up to date by their differences: nothing that stayed the same is touched. */

const LANGUAGE = "fi-FI";
const WORDS = { available: "Tavoitettavissa", busy: "Varattu", away: "Poissa" };
const MOST_ROWS = 3, MOST_PEOPLE = 6;
const time = new Intl.DateTimeFormat(LANGUAGE, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long" });
const part = new Intl.DateTimeFormat(LANGUAGE, { hour: "numeric", hour12: true, dayPeriod: "long" });
const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long" });
const find = (id) => document.getElementById(id);

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function hide(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

/* As many children as there are rows, each brought up to date. */
function list(parent, rows, make, update) {
  while (parent.children.length > rows.length) parent.lastElementChild.remove();
  while (parent.children.length < rows.length) parent.append(make());
  rows.forEach((row, index) => update(parent.children[index], row));
}

function show(documents, now) {
  const { view, people, calendar } = documents;
  if (!view || !people || !calendar) return;
  const elements = view.elements;
  hide(find("clock"), !elements.clock);
  hide(find("cafe"), !elements.cafe);
  hide(find("mute"), !elements.mute);
  hide(find("urgent"), !elements.urgent_call);
  hide(find("agenda"), !elements.calendar);
  hide(find("people"), !elements.relatives);
  showTime(now);
  showCafe(calendar.cafe, now);
  list(find("agenda"), agenda(calendar.occurrences, now), makeRow, updateRow);
  const contacts = [...people.contacts].sort((a, b) => (b.favourite || false) - (a.favourite || false));
  list(find("people"), contacts.slice(0, MOST_PEOPLE), makePerson, updatePerson);
}

function showTime(now) {
  const period = part.formatToParts(now).find((each) => each.type === "dayPeriod");
  say(find("clock"), time.format(now));
  say(find("day"), `${weekday.format(now)} ${period ? period.value : ""}`);
  say(find("date"), date.format(now));
}

function showCafe(cafe, now) {
  const today = ((now.getDay() + 6) % 7) + 1, wall = now.toTimeString().slice(0, 5);
  const open = cafe.hours.find((each) => each.days.includes(today) && each.opens <= wall && (each.closes <= each.opens || wall < each.closes));
  say(find("cafe").querySelector("b"), cafe.name);
  say(find("cafe").querySelector("small"), open ? `Auki ${open.closes} asti` : "Suljettu");
  find("cafe").classList.toggle("open", Boolean(open));
}

/* Today's and tomorrow's, the next one marked. */
function agenda(occurrences, now) {
  const day = (offset) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset);
  const [today, tomorrow, after] = [day(0), day(1), day(2)];
  const found = occurrences
    .map((each) => ({ title: each.title, starts: new Date(each.starts), allDay: each.all_day }))
    .filter((each) => each.starts < after && (each.allDay ? each.starts >= today : each.starts > now))
    .sort((a, b) => a.starts - b.starts);
  const next = found.find((each) => !each.allDay);
  const rows = [];
  for (const [title, from, until] of [["Tänään", today, tomorrow], ["Huomenna", tomorrow, after]]) {
    rows.push({ heading: title });
    found.filter((each) => each.starts >= from && each.starts < until)
      .forEach((each) => rows.push({ time: each.allDay ? "Koko päivä" : time.format(each.starts), title: each.title, next: each === next }));
  }
  return rows.slice(0, MOST_ROWS + 2);
}

function makeRow() {
  const row = document.createElement("p");
  row.append(document.createElement("time"), document.createElement("span"));
  return row;
}

function updateRow(element, row) {
  say(element.firstChild, row.heading || row.time);
  say(element.lastChild, row.title || "");
  element.classList.toggle("next", Boolean(row.next));
}

function makePerson() {
  const person = document.createElement("div");
  person.className = "person";
  person.append(document.createElement("img"), document.createElement("b"), document.createElement("small"));
  return person;
}

function updatePerson(element, contact) {
  const [photo, name, presence] = element.children, file = `${contact.photo}.jpg`;
  if (photo.getAttribute("src") !== file) photo.setAttribute("src", file);
  say(name, `${contact.first_name} ${contact.last_name || ""}`.trim());
  say(presence, WORDS[contact.presence || "away"]);
  if (presence.className !== contact.presence) presence.className = contact.presence;
}
