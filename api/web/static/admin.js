// Keeps the list of uploads up to date while one of them is under way. Without it there is a link that does the same.

const EVERY = 2000;
const list = document.getElementById("uploads-lijst");
const told = document.getElementById("uploads-stand");
let shown = "";

const busy = () => list.querySelectorAll('[data-over="nee"]').length;

async function refresh() {
  const before = busy();
  try {
    const response = await fetch("/beheer/documenten/uploads", { redirect: "error" });
    if (!response.ok) return;
    const text = await response.text();
    // Not under somebody who is reading a link in it: the focus would be lost.
    if (text !== shown && !list.contains(document.activeElement)) {
      list.innerHTML = text;
      shown = text;
    }
  } catch {
    // The server may be starting again: the next time will tell.
  }
  const after = busy();
  if (after < before) {
    told.textContent = after ? "Een upload is klaar." : "Alle uploads zijn klaar.";
  }
  if (after) setTimeout(refresh, EVERY);
}

if (list && told && busy()) setTimeout(refresh, EVERY);
