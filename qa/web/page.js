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
