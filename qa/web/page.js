// The chat: markers open their sources, links below an answer start actions, the newest turn stays in view.

const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const linkOf = (event) => event.target.closest?.("a[href]");

// A link in the chat names its action in its address: the chat's sanitiser leaves nothing else.
function handleAction(link) {
  const [, action, turn] = link.getAttribute("href").match(/^#pq-action-([a-z]+)(?:-(\d+))?$/) ?? [];
  if (!action) return false;
  if (action === "copy") copy(link, turn);
  else if (isAnswering()) return true; // two answers that grow at once would overwrite each other
  else announce("pq-action", { action, turn: Number(turn ?? 0), text: action === "ask" ? link.textContent : "" });
  return true;
}

// Whether the newest reply is unfinished: only a finished one has tools below it.
function isAnswering() {
  const last = [...document.querySelectorAll("#pq-log .message-row")].at(-1);
  return Boolean(last) && !last.querySelector(".pq-tools");
}

// Copy an answer with its sources, as Markdown: the panel holds it, hidden.
async function copy(link, turn) {
  const label = link.textContent;
  try {
    await navigator.clipboard.writeText(document.getElementById(`pq-${turn}-copy`).textContent);
    link.textContent = "Copied";
  } catch {
    link.textContent = "Not copied";
  }
  setTimeout(() => { link.textContent = label; }, 2000);
}

// A marker opens its post at the quote; the number of a card leads back to the answer.
function showTarget(link) {
  const target = document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return false;
  const reading = target.matches(".pq-card") && target.querySelector("[data-read]");
  if (reading) {
    announce("pq-read", { ...reading.dataset, from: link });
    return true;
  }
  target.closest("details:not([open])")?.setAttribute("open", "");
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = linkOf(event);
  const href = link?.getAttribute("href") ?? "";
  if (!href.startsWith("#pq-")) return;
  if (handleAction(link) || showTarget(link)) event.preventDefault();
}, true);

// A marker shows its quote on hover and on focus.
const tip = Object.assign(document.createElement("div"), { id: "pq-tip", hidden: true });
tip.setAttribute("role", "tooltip");

function showTip(event) {
  const marker = event.target.closest?.("#pq-log a.pq-marker");
  const card = marker && document.getElementById(marker.getAttribute("href").slice(1));
  if (!card) return;
  const parts = [...card.querySelectorAll("mark .pq-focus")].map((part) => part.textContent);
  const quote = Object.assign(document.createElement("q"), { textContent: parts.join(" ") });
  const title = Object.assign(document.createElement("cite"), { textContent: card.querySelector("h3").textContent });
  tip.replaceChildren(quote, title);
  document.body.append(tip);
  tip.hidden = false;
  marker.setAttribute("aria-describedby", "pq-tip");
  const at = marker.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left - 24), innerWidth - tip.offsetWidth - 8);
  const above = at.top - tip.offsetHeight - 8;
  Object.assign(tip.style, { left: `${left}px`, top: `${above > 8 ? above : at.bottom + 8}px` });
}

function hideTip() { tip.hidden = true; }

for (const name of ["pointerover", "focusin"]) document.addEventListener(name, showTip);
for (const name of ["pointerout", "focusout", "click"]) document.addEventListener(name, hideTip, true);
document.addEventListener("scroll", hideTip, true);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

document.addEventListener("pq-download", ({ detail }) => {
  const address = URL.createObjectURL(new Blob([detail], { type: "text/markdown" }));
  Object.assign(document.createElement("a"), { href: address, download: "conversation.md" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
});

let followedState = "";
let panelTurn;

// While an answer grows, its question stays at the top, as far as there is room.
function follow() {
  const rows = [...document.querySelectorAll("#pq-log .message-row")];
  const state = `${rows.length} ${rows.at(-1)?.textContent.length}`;
  if (state === followedState) return;
  followedState = state;
  const question = rows.slice(-2).find((row) => row.classList.contains("user-row"));
  (question ?? rows.at(-1))?.scrollIntoView({ block: "start" });
}

// The sources of a new answer are shown from their beginning.
function rewind() {
  const turn = document.querySelector(".pq-sources")?.dataset.turn;
  if (turn !== panelTurn) document.getElementById("pq-panel")?.scrollTo(0, 0);
  panelTurn = turn;
}

// Gradio labels each message with its own HTML source; a screen reader should read the message instead.
function unlabel() {
  for (const row of document.querySelectorAll("#pq-log [data-testid][aria-label]")) row.removeAttribute("aria-label");
}

const PARTS = ["#pq-about h1", "#pq-log", "#pq-question-box textarea", "#pq-ask", "pq-filters", "#pq-panel-html h2"];
let isWhole = false;

// The page is shown when its parts are there, so that none pushes another away. It begins ready to be typed in, and at
// its head: in a low window the browser's own way of giving focus would scroll it off.
function show() {
  if (isWhole || !PARTS.every((css) => document.querySelector(css))) return;
  isWhole = true;
  document.body.classList.add("pq-whole");
  document.querySelector("#pq-question-box textarea").focus({ preventScroll: true });
}
setTimeout(() => document.body.classList.add("pq-whole"), 10_000); // whatever is missing then stays so

new MutationObserver(() => [unlabel, follow, rewind, show].forEach((step) => step()))
  .observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"] });
