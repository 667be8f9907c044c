// Keeps a page of the inbox fresh without disturbing whoever reads it: while nothing is opened, selected or being typed,
// the content is swapped in place; otherwise a button offers the new state. Also copies keys to the clipboard.
const POLL_MS = 2000;

let version = document.documentElement.dataset.version;
const notice = document.querySelector("[data-notice]");

function isBeingRead() {
  const focused = document.activeElement;
  return (
    window.scrollY > 80 ||
    document.querySelector("main details[open]") !== null ||
    String(window.getSelection()) !== "" ||
    (focused !== null && focused !== document.body)
  );
}

async function refresh() {
  const answer = await fetch(window.location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  version = fresh.documentElement.dataset.version;
  notice.hidden = true;
}

async function look() {
  if (document.hidden || !notice.hidden) return;
  const answer = await fetch("/_sim/version").catch(() => undefined);
  if (!answer?.ok) return;
  const latest = String((await answer.json()).version);
  if (latest === version) return;
  if (isBeingRead()) notice.hidden = false;
  else await refresh();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-refresh]")) await refresh();
  if (button?.matches("[data-copy]")) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  }
});

setInterval(look, POLL_MS);
