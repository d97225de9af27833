// A marker in an answer leads to its card: unfolded, scrolled into view, focused and shown with a flash; the
// card's own marker leads back.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#pq-"]');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  target.closest("details:not([open])")?.setAttribute("open", "");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: target.matches(".pq-card") ? "start" : "center", behavior: still ? "auto" : "smooth" });
  target.classList.remove("pq-flash");
  void target.offsetWidth; // so that a second click flashes again
  target.classList.add("pq-flash");
}, true);

let seen = "";
let shown;

// While an answer grows, the question it belongs to stays at the top, as far as there is room.
function follow() {
  const rows = [...document.querySelectorAll("#pq-log .message-row")];
  const now = `${rows.length} ${rows.at(-1)?.textContent.length}`;
  if (now === seen) return;
  seen = now;
  const asked = rows.slice(-2).find((row) => row.classList.contains("user-row"));
  (asked ?? rows.at(-1))?.scrollIntoView({ block: "start" });
}

// The sources of a new answer are shown from their beginning, wherever those of the last were scrolled to.
function rewind() {
  const turn = document.querySelector(".pq-sources")?.dataset.turn;
  if (turn !== shown) document.getElementById("pq-panel")?.scrollTo(0, 0);
  shown = turn;
}

// Gradio labels each message with its own source, tags and all; a screen reader shall hear the message instead.
function unlabel() {
  for (const said of document.querySelectorAll("#pq-log [data-testid][aria-label]")) said.removeAttribute("aria-label");
}

new MutationObserver(() => [unlabel, follow, rewind].forEach((step) => step()))
  .observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"] });
