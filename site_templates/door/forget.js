// Forgets the key of this portal, and all that this browser kept of it.
"use strict";

const words = wordsIn([location.hash.slice(1), ...navigator.languages]);
const button = document.querySelector("button"), back = document.querySelector("a");

document.documentElement.lang = words.language;
document.title = words.forget;
for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
back.href = SCOPE;
button.onclick = async () => {
  await forget();
  document.querySelector(".links").remove();
  const said = document.querySelector("[role=status]");
  said.textContent = words.forgotten;
  said.focus();
};
if (top === self) document.querySelector("main").hidden = false;
