// Finds requests by ref, title and text. Without this file there is no field.
const form = document.querySelector(".r-search");
let index; // fetched when the field is first used

// As people type: no capitals, no accents, n for ñ; letter for letter, so that it can be marked.
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
const words = (text) => fold(text).replace(/[^\p{L}\p{N}\p{M}]+/gu, " ").trim();

async function fetched() {
  const answer = await fetch(`${form.dataset.root}assets/search.json`, { cache: "no-cache" });
  return (await answer.json()).reverse().map((entry) => {
    const name = ` ${words(`${entry.ref} ${entry.ref.replace("-", "")} ${entry.title}`)}`;
    return { ...entry, name, all: `${name} ${words(`${entry.line} ${entry.text}`)}` };
  });
}

// How far an entry is from what was asked: its number is nearest, then its name, then its text.
function distance({ ref, name, all }, asked) {
  const fits = (word) => [ref.endsWith(`-${word}`), name.includes(` ${word}`), name.includes(word), all.includes(` ${word}`), true];
  return asked.reduce((sum, word) => sum + fits(word).indexOf(true), 0);
}

function places(text, asked) {
  const plain = fold(text);
  return asked.length && plain.length === text.length ? [...plain.matchAll(new RegExp(asked.join("|"), "g"))] : [];
}

function marked(tag, text, asked) {
  const element = document.createElement(tag);
  let at = 0;
  for (const { 0: word, index: start } of places(text, asked)) {
    const mark = document.createElement("mark");
    mark.append(text.slice(start, start + word.length));
    element.append(text.slice(at, start), mark);
    at = start + word.length;
  }
  element.append(text.slice(at));
  return element;
}

// The words around the first that the name has not.
function excerpt({ text, name }, asked) {
  const [first] = places(text, asked.filter((word) => !name.includes(word)));
  if (!first) return "";
  const start = first.index < 60 ? 0 : Math.max(text.lastIndexOf(" ", first.index - 40) + 1, first.index - 90);
  const end = first.index + 110;
  return (start ? "… " : "") + text.slice(start, end) + (end < text.length ? "…" : "");
}

function row(entry, asked) {
  const item = document.createElement("li"), link = marked("a", entry.title, asked);
  item.dataset.status = entry.status;
  Object.assign(link, { href: form.dataset.root + entry.url, dir: "auto" });
  item.append(link, marked("p", `${entry.ref} · ${entry.line}`, asked), marked("p", excerpt(entry, asked), asked));
  return item;
}

async function search() {
  const { found, none, failed } = form.dataset, typed = form.words.value, asked = words(typed).split(" ").filter(Boolean);
  let results = [], told = "";
  if (asked.length) {
    try {
      results = (await (index ??= fetched())).filter(({ all }) => asked.every((word) => all.includes(word)));
      told = results.length ? found.replace("{number}", results.length) : none;
    } catch {
      index = undefined; // to be tried again
      told = failed;
    }
  }
  if (form.words.value !== typed) return; // more was typed meanwhile
  const far = new Map(results.map((entry) => [entry, distance(entry, asked)]));
  results.sort((one, other) => far.get(one) - far.get(other));
  document.querySelector(".r-found").replaceChildren(...results.slice(0, 50).map((entry) => row(entry, asked)));
  document.querySelector(".r-listed").hidden = told && told !== failed;
  form.querySelector("[role=status]").textContent = told;
}

if (form && location.protocol !== "file:") { // a page opened from a folder may fetch nothing
  form.hidden = false;
  form.addEventListener("focusin", () => (index ??= fetched()).catch(() => {}));
  form.addEventListener("input", search);
  form.addEventListener("keydown", ({ key }) => { if (key === "Escape") search(form.reset()); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.querySelector(".r-found a")?.focus();
  });
  addEventListener("pageshow", search); // come back to, with words in it
}
