// The form of an encrypted portal, as docs/encrypted-portals.md describes it: a passphrase opens the key, the key names and opens
// files. Read by the door and by the service worker.
"use strict";

const NONCE = 16, CHUNK = (1 << 20) + 16;
// The portal's folder on its host, wherever it stands: "/portals/k7mf…/".
const SCOPE = new URL(self.document ? "../" : "./", self.document ? document.currentScript.src : location.href).pathname;
const CACHE = `recado ${SCOPE}`;

const inBytes = (text) => new TextEncoder().encode(text);
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const purpose = (name, salt = new Uint8Array()) => ({ name: "HKDF", hash: "SHA-256", salt, info: inBytes(`recado/1 ${name}`) });

// ---- The key ----

// The letters of a passphrase as it was typed, whatever stands between them.
const letters = (typed) => typed.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
const passphrase = (typed) => (/^[2-9a-hjkmnp-z]{20}$/.test(letters(typed)) ? letters(typed).match(/.{5}/g).join("-") : null);

// Opens the content key with a passphrase; null where it is another portal's, or an older one.
async function contentKey({ salt, iterations, wrapped }, phrase) {
  const typed = await crypto.subtle.importKey("raw", inBytes(phrase), "PBKDF2", false, ["deriveKey"]);
  const stretched = { name: "PBKDF2", hash: "SHA-256", salt: fromBase64(salt), iterations };
  const wrapping = await crypto.subtle.deriveKey(stretched, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const sealed = fromBase64(wrapped);
  const opening = { name: "AES-GCM", iv: sealed.slice(0, 12), additionalData: inBytes("recado/1 key") };
  return crypto.subtle.decrypt(opening, wrapping, sealed.slice(12)).catch(() => null);
}

// What is kept of a content key: it can be used, and not be read.
async function keysOf(content) {
  const base = await crypto.subtle.importKey("raw", content, "HKDF", false, ["deriveKey"]);
  const names = await crypto.subtle.deriveKey(purpose("name"), base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  return { base, names };
}

// ---- Files ----

async function addressOf({ names }, path) {
  const name = new Uint8Array(await crypto.subtle.sign("HMAC", names, inBytes(path))).subarray(0, 16);
  return `${SCOPE}f/${[...name].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// Opens a blob chunk by chunk. Throws where it was altered: its chunks before that are as they were published.
async function* opened(blob, { base }, path) {
  let file, number = 0;
  for await (const [piece, last] of cut(blob)) {
    if (!file) {
      if (last) throw new Error("cut off");
      file = await crypto.subtle.deriveKey(purpose("file", piece), base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    } else {
      const iv = new Uint8Array(12);
      new DataView(iv.buffer).setUint32(7, number++);
      iv[11] = last;
      yield new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: inBytes(path) }, file, piece));
    }
  }
}

// Cuts what comes in parts of any size into the nonce and the chunks, and says which is the last.
async function* cut(parts) {
  let piece = new Uint8Array(NONCE), filled = 0;
  for await (let part of parts) {
    while (part.length) {
      if (filled === piece.length) {
        yield [piece, false];
        [piece, filled] = [new Uint8Array(CHUNK), 0];
      }
      const taken = part.subarray(0, piece.length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      part = part.subarray(taken.length);
    }
  }
  yield [piece.subarray(0, filled), true];
}

// ---- What this browser keeps: the keys of this folder, and blobs as they came ----

async function kept(act, mode = "readwrite") {
  const open = indexedDB.open(`recado ${SCOPE}`, 1);
  open.onupgradeneeded = () => open.result.createObjectStore("keys");
  const base = await answered(open);
  try {
    return await answered(act(base.transaction("keys", mode).objectStore("keys")));
  } finally {
    base.close();
  }
}

const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const keptKeys = () => kept((store) => store.get("keys"), "readonly");
const keepKeys = (keys) => kept((store) => store.put(keys, "keys"));

async function forget() {
  await kept((store) => store.clear());
  await answered(indexedDB.deleteDatabase(`recado ${SCOPE}`));
  await caches.delete(CACHE);
  await (await navigator.serviceWorker?.getRegistration(SCOPE))?.unregister();
}

// ---- Words ----

// In the first of these languages that the program speaks.
function wordsIn(languages) {
  const spoken = Object.keys(TOLD.words);
  const known = languages.flatMap((language) => [language, language.split("-")[0]]).find((language) => spoken.includes(language));
  return { language: known ?? spoken[0], ...TOLD.words[known ?? spoken[0]] };
}
