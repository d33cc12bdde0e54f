// Part of no portal: `recado serve` adds it to the pages it shows on this machine.
// It loads the page again once its portal was built, and shows what keeps a portal from being built.
(() => {
  const { portal, version } = document.currentScript.dataset;
  let stream = null;
  let note = null;

  function show({ advice, lines }) {
    note?.remove();
    note = null;
    if (!lines.length) return;
    note = document.createElement("div");
    note.className = "recado-live";
    note.setAttribute("role", "status");
    note.append(Object.assign(document.createElement("p"), { textContent: advice }));
    const list = note.appendChild(document.createElement("ul"));
    for (const line of lines) list.append(Object.assign(document.createElement("li"), { textContent: line }));
    document.body.append(note);
  }

  function hear({ data }) {
    const told = JSON.parse(data);
    if (told.load) {
      stream.close();
      location.reload();
    } else show(told);
  }

  // A browser opens few connections to one place: a page that nobody looks at keeps none.
  function listen() {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else if (!stream || stream.readyState === EventSource.CLOSED) {
      stream = new EventSource(`/_live/events?${new URLSearchParams({ portal, version })}`);
      stream.onmessage = hear;
    }
  }

  document.addEventListener("visibilitychange", listen);
  listen();
})();
