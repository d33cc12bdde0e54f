// On every page of the portal: a link with a passphrase or a page in its fragment was opened on a device that has the key already.
// The passphrase does not stay in the address bar, and the page asked for is opened.
const carried = /^#(?:[2-9a-hjkmnp-z]{5}(?:-[2-9a-hjkmnp-z]{5}){3}|(?=\/))(?:\/(.*))?$/i.exec(location.hash);
if (carried) {
  const folder = new URL("..", document.currentScript.src), asked = new URL(carried[1] ?? "", folder);
  if (carried[1] && asked.href.startsWith(folder.href)) location.replace(asked);
  else history.replaceState(null, "", location.pathname);
}
