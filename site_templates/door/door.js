// The door: takes the passphrase from the link or from the field, opens the key with it, and leaves it to the service worker.
"use strict";

const form = document.querySelector("form"), told = document.querySelector("[role=status]");
const words = wordsIn(navigator.languages);

// The fragment of a link is a passphrase, a passphrase and a page, or a page: "#k7mfa-q2pdx-9tehw-4wsbn/invoices/index.html".
// It leaves the address bar before anything else happens. Elsewhere than at home it may be a place on the page, and stays.
function taken() {
  const before = location.hash.slice(1), here = location.pathname;
  const [first, ...page] = before.split("/"), typed = readable(first);
  const deep = here !== SCOPE && here !== `${SCOPE}index.html`;
  const place = deep && before && !passphrase(typed) ? `#${before}` : "";
  history.replaceState(null, "", here + place);
  const asked = new URL(page.join("/") || (deep ? here + place : ""), location.origin + SCOPE);
  return { typed: place ? "" : typed, asked: asked.href.startsWith(location.origin + SCOPE) ? asked.href : SCOPE };
}

function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function say(name, numbers = {}) {
  told.textContent = name ? words[name].replace("{number}", numbers.number) : "";
  told.dataset.said = name;
  form.open.disabled = name === "opening";
}

// The portal's service worker, once it can answer.
async function worker() {
  const registration = await navigator.serviceWorker.register(`${SCOPE}sw.js`, { scope: SCOPE, updateViaCache: "none" });
  const coming = registration.installing ?? registration.waiting;
  if (!registration.active) await new Promise((resolve, reject) => {
    coming.onstatechange = () => ({ activated: resolve, redundant: () => reject(new TypeError("not installed")) })[coming.state]?.();
  });
  return registration.active;
}

async function unlock(typed, asked) {
  const phrase = passphrase(typed);
  if (!phrase) return say("count", { number: [...letters(typed)].filter((letter) => /[2-9a-hjkmnp-z]/.test(letter)).length });
  say("opening");
  const answer = await fetch(`${SCOPE}portal.json`, { cache: "no-cache" }).catch(() => null);
  if (!answer?.ok) return say(answer?.status === 404 ? "gone" : "away");
  const portal = await answer.json().catch(() => ({}));
  if (portal.version !== TOLD.version) return say("newer");
  const content = await contentKey(portal, phrase);
  if (!content) return say("wrong");
  try {
    const blobs = await caches.open(CACHE); // of another key, perhaps
    for (const { url } of await blobs.keys()) if (url.startsWith(`${location.origin}${SCOPE}f/`)) await blobs.delete(url);
    await keepKeys(await keysOf(content));
    (await worker()).postMessage("keep main");
    open(asked);
  } catch (error) {
    say(error instanceof TypeError ? "away" : "storage");
  }
}

function open(asked) {
  history.replaceState(null, "", asked);
  location.reload();
}

async function start() {
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  Object.assign(document.documentElement, { lang: words.language });
  document.title = words.locked;
  const { typed, asked } = taken();
  form.hidden = false;
  if (!isSecureContext) return say("insecure");
  if (!self.DecompressionStream || !self.indexedDB) return say("old");
  if (!navigator.serviceWorker || !self.caches) return say("storage");
  form.onsubmit = (event) => {
    event.preventDefault();
    unlock(form.passphrase.value, asked).finally(() => form.passphrase.select());
  };
  form.passphrase.value = typed;
  if (typed) return unlock(typed, asked).finally(() => form.passphrase.focus());
  const rotated = document.body.dataset.told;
  if (rotated) say(rotated);
  // The key is here, and the worker was not asked: a page loaded past it, or the browser dropped it.
  else if (!navigator.serviceWorker.controller && (await keptKeys().catch(() => null))) {
    say("opening");
    return worker().then(() => open(asked), () => say("away"));
  }
  form.passphrase.focus();
}

if (top === self) start(); // in a frame of another site nobody should type it
