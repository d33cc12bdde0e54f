
// A page deep in a portal, asked for before its worker is there: to the door, with the page in the fragment. A portal's folder is
// known by its name, 26 letters and digits, wherever the host puts it. What carries a passphrase goes before the page.
(() => {
  const here = location.pathname.replace(/^\/+/, "/"); // "//other.example/…" would be another host
  const found = /^(.*?\/[a-z2-7]{26})(?:\/(.*))?$/.exec(here);
  if (!found || found[2] === "" || found[2] === "index.html") return; // not even a door is there
  const given = location.hash.slice(1), key = /^[2-9a-z]{5}(-[2-9a-z]{5}){3}$/i.test(given);
  const page = found[2] ? `/${found[2]}` : "", place = given && !key ? `#${given}` : "";
  location.replace(`${found[1]}/#${key ? given : ""}${page}${place}`);
})();
