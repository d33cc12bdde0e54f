// Answers for every page and file of the portal: fetches what is encrypted, opens it, and keeps it encrypted for when there is no
// network. Without a key it answers with the door.
"use strict";
importScripts("door/told.js", "door/opening.js");

const HELD = 8 << 20; // a larger file is opened as it comes, and not kept
const HOME = "index.html", NOT_FOUND = "404.html", MAIN = "door/main.json";
const TYPES = {
  html: "text/html; charset=utf-8", css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8", svg: "image/svg+xml",
  json: "application/json", xml: "application/xml", txt: "text/plain; charset=utf-8", woff2: "font/woff2", pdf: "application/pdf",
  png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", avif: "image/avif",
};
const RUNNABLE = ["html", "css", "js", "svg", "xml"];

addEventListener("install", (event) => event.waitUntil(installed()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.data === "keep main" && event.waitUntil(keepMain().catch(() => {})));
addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url), path = pathname.slice(SCOPE.length);
  if (origin !== location.origin || !pathname.startsWith(SCOPE) || path === "portal.json") return; // as if there were no worker
  event.respondWith(answer(event, path).catch((error) => instead(event, error)));
});

async function installed() {
  const door = TOLD.files.map((file) => new Request(SCOPE + file, { cache: "reload" }));
  await (await caches.open(CACHE)).addAll(door);
  await skipWaiting();
}

// Why a page is not shown: a name of two sentences, "… " and "… how".
class Told extends Error {}

async function answer(event, asked) {
  const path = decodedPath(asked);
  if (path !== HOME && TOLD.files.includes(path)) return doorFile(path);
  const keys = await keptKeys();
  if (!keys) return door();
  if (path === NOT_FOUND) return nothing(event, keys);
  const found = await opening(event, keys, path);
  if (found) {
    if (path === HOME) event.waitUntil(keepMain().catch(() => {}));
    return new Response(found, { headers: headersOf(path) });
  }
  if (path !== HOME && (await opening(event, keys, HOME))) return nothing(event, keys);
  // Not even the home page stands under its name: the portal has another key, or is gone.
  const portal = await fetch(`${SCOPE}portal.json`, { cache: "no-cache" });
  if (!portal.ok) throw new Told("vanished");
  return door("rotated");
}

function decodedPath(asked) {
  try {
    const path = decodeURIComponent(asked);
    return path === "" || path.endsWith("/") ? `${path}${HOME}` : path;
  } catch {
    return asked;
  }
}

// Gives what a response is made of; null where no such file is published. Nothing of a file that is held is given before all of it
// is checked; a larger one breaks off where it was altered, and the browser says that the download failed.
async function opening(event, keys, path) {
  const address = await addressOf(keys, path);
  const came = await fetched(address);
  if (!came) return null;
  const reader = came.response.body.getReader();
  const held = await heldOf(reader);
  try {
    if (!held.whole) return await streamed(event, opened(chained(held.parts, partsOf(reader)), keys, path));
    const chunks = [];
    for await (const chunk of opened(held.parts, keys, path)) chunks.push(chunk);
    const content = await unpacked(chunks[0][0], new Blob([chunks[0].subarray(1), ...chunks.slice(1)]).stream());
    const plain = await new Response(content).arrayBuffer();
    if (came.fresh) event.waitUntil(keep(address, new Blob(held.parts)));
    return plain;
  } catch {
    throw new Told("altered");
  }
}

async function fetched(address) {
  const cache = await caches.open(CACHE);
  const response = await fetch(address, { cache: "no-cache" }).catch(() => null);
  if (response?.ok) return { response, fresh: true };
  if (response?.status === 404 || response?.status === 410) {
    await cache.delete(address);
    return null;
  }
  const before = await cache.match(address);
  if (!before) throw new Told("unreached");
  return { response: before, fresh: false };
}

async function keep(address, blob) {
  if (await keptKeys()) await (await caches.open(CACHE)).put(address, new Response(blob)).catch(() => {}); // the disk may be full
}

// Reads until the end, or until more came than is held.
async function heldOf(reader) {
  const parts = [];
  let size = 0;
  while (size <= HELD) {
    const { value, done } = await reader.read().catch(() => { throw new Told("unreached"); });
    if (done) return { parts, whole: true };
    parts.push(value);
    size += value.length;
  }
  return { parts, whole: false };
}

async function* partsOf(reader) {
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

async function* chained(parts, more) {
  yield* parts;
  yield* more;
}

// A large file: its first chunk is checked before anything is answered.
async function streamed(event, chunks) {
  const first = (await chunks.next()).value;
  let ended;
  event.waitUntil(new Promise((resolve) => { ended = resolve; })); // or a browser stops the worker half-way
  const source = new ReadableStream({
    start: (controller) => controller.enqueue(first.subarray(1)),
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      ended();
    },
    cancel: () => ended(chunks.return()),
  }, { highWaterMark: 1 });
  return unpacked(first[0], source);
}

const unpacked = (how, stream) => (how === 1 ? stream.pipeThrough(new DecompressionStream("gzip")) : stream);

const inHeader = (name) => encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);

function headersOf(path) {
  const [, folder, name] = path.match(/^(?:(.*)\/)?([^/]*)$/), ending = name.split(".").pop().toLowerCase();
  const attached = /^requests\/.+/.test(folder ?? "") && !name.startsWith("thumbnail~");
  const unknown = attached && RUNNABLE.includes(ending);
  const headers = { ...TOLD.headers, "Content-Type": (!unknown && TYPES[ending]) || "application/octet-stream" };
  if (attached) headers["Content-Disposition"] = `attachment; filename*=UTF-8''${inHeader(name)}`;
  return headers;
}

// ---- The pages kept for when there is no network: fetched anew after the key was given, and whenever home is opened ----

let keeping;
const keepMain = () => (keeping ??= keptMain().finally(() => { keeping = undefined; }));

async function keptMain() {
  const keys = await keptKeys();
  const waiting = { waitUntil: (work) => work };
  const list = keys && (await opening(waiting, keys, MAIN));
  if (!list) return;
  for (const path of JSON.parse(new TextDecoder().decode(list))) await opening(waiting, keys, path).catch(() => {});
}

// ---- In the place of what was asked for ----

async function doorFile(path) {
  const cache = await caches.open(CACHE);
  const response = await fetch(SCOPE + path, { cache: "no-cache" }).catch(() => null);
  const body = response?.ok ? response : await cache.match(SCOPE + path);
  if (!body) throw new Told("unreached");
  return new Response(await body.blob(), { headers: headersOf(path) });
}

// The door, at whatever address the page has.
async function door(told = "") {
  const page = await (await doorFile(HOME)).text();
  const here = page.replaceAll('"door/', `"${SCOPE}door/`).replace("<body", `<body data-told="${told}"`);
  return new Response(here, { headers: headersOf(HOME) });
}

async function nothing(event, keys) {
  const page = await opening(event, keys, NOT_FOUND);
  if (!page) throw new Told("missing");
  const folder = SCOPE.match(/[^/]*\/$/)[0];
  const here = new TextDecoder().decode(page).replaceAll(`"/${folder}`, `"${SCOPE}`);
  return new Response(here, { status: 404, headers: headersOf(NOT_FOUND) });
}

function instead({ request }, error) {
  const name = error instanceof Told ? error.message : "unreached";
  if (request.mode !== "navigate") return Response.error();
  const words = wordsIn(navigator.languages), status = { altered: 502, missing: 404, unreached: 503, vanished: 404 }[name];
  const link = (address, text) => `<a class="button" href="${address}">${text}</a>`;
  const said = `<h1>${words[name]}</h1><p>${words[`${name} how`]}</p>`;
  const links = link(new URL(request.url).pathname, words.again) + (name === "vanished" ? "" : link(SCOPE, words.home));
  const page = `<!doctype html><html lang="${words.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`
    + `<link rel="icon" href="data:,"><link rel="stylesheet" href="${SCOPE}door/door.css"><title>${words[name]}</title>`
    + `<main class="note">${said}<p class="links">${links}</p></main></html>`;
  return new Response(page, { status, headers: headersOf(HOME) });
}
