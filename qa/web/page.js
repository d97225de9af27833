// A marker in an answer leads to its card: unfolded, scrolled into view, focused and shown with a flash.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#pq-"]');
  const card = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!card) return;
  event.preventDefault();
  card.closest("details:not([open])")?.setAttribute("open", "");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  card.classList.remove("pq-flash");
  void card.offsetWidth; // so that a second click flashes again
  card.classList.add("pq-flash");
}, true);

// Gradio labels each message with its own source, tags and all; a screen reader shall hear the message instead.
// The sources of a new answer are shown from their beginning, wherever those of the last were scrolled to.
let shownTurn;
new MutationObserver(() => {
  for (const said of document.querySelectorAll("#pq-log [data-testid][aria-label]")) said.removeAttribute("aria-label");
  const turn = document.querySelector(".pq-sources")?.dataset.turn;
  if (turn !== shownTurn) document.getElementById("pq-panel")?.scrollTo(0, 0);
  shownTurn = turn;
}).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-label"] });
