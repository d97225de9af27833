// The reader's conversations, each under a key of its own in this browser. A conversation leaves it only when it is
// opened: the server proves its quotes anew, and keeps nothing.

const PREFIX = "postqa-conversation-";
const CURRENT = "postqa-current";
const MOST = 50; // conversations
const MOST_LENGTH = 4_000_000; // characters of all of them: browsers keep about five million
let current = ""; // the id of the open conversation
let known = new Set(); // the keys of its turns that this window shows
let sent = new Set(); // the keys of those that it asked to be shown: some may no longer be proven
let wanted = null; // the conversation to be opened: its id and its turns
let isQuiet = false; // whether the next conversation begins without an offer to undo

const newId = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const list = () => document.querySelector("pq-conversations");
// The first question, or greeting where nothing else was said.
const nameOf = (turns) => (turns.find(({ receipt }) => receipt.level !== "reply") ?? turns[0]).receipt.question;
const keysOf = (turns) => new Set(turns.map((turn) => turn.key));

function read(id) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + id)) ?? { changed: 0, turns: [] };
  } catch {
    return { changed: 0, turns: [] };
  }
}

// All conversations, the one that changed last first.
function all() {
  const ids = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  return ids.map((id) => ({ id, ...read(id) })).filter(({ turns }) => turns.length).sort((a, b) => b.changed - a.changed);
}

// Keep a conversation; the oldest make room for it.
function write(id, { changed, turns }) {
  if (!turns.length) {
    localStorage.removeItem(PREFIX + id);
    return;
  }
  const text = JSON.stringify({ changed, turns });
  const others = all().filter((other) => other.id !== id);
  const length = () => others.reduce((sum, other) => sum + localStorage.getItem(PREFIX + other.id).length, text.length);
  while (others.length && (others.length >= MOST || length() > MOST_LENGTH)) localStorage.removeItem(PREFIX + others.pop().id);
  for (;;) {
    try {
      localStorage.setItem(PREFIX + id, text);
      return;
    } catch {
      if (!others.length) return; // this browser keeps nothing
      localStorage.removeItem(PREFIX + others.pop().id);
    }
  }
}

function setCurrent(id) {
  current = id;
  sessionStorage.setItem(CURRENT, id);
  localStorage.setItem(CURRENT, id);
}

// What the page opens with: this window's conversation, else the one that was open last.
window.pqFirst = () => {
  const id = sessionStorage.getItem(CURRENT) ?? localStorage.getItem(CURRENT) ?? newId();
  localStorage.removeItem("postqa-conversation"); // of a version that kept one, encrypted
  want(id);
  return window.pqOpened();
};

function want(id) {
  wanted = { id, turns: read(id).turns };
  sent = keysOf(wanted.turns);
}

window.pqOpened = () => JSON.stringify(wanted);

function open(id) {
  want(id);
  document.dispatchEvent(new CustomEvent("pq-open"));
}

// Called after every change: turns of another window stay, those that this one replaced go.
window.pqKeep = (text) => {
  const { id: stated, turns } = JSON.parse(text);
  const id = stated || current;
  const before = current;
  const isOpened = wanted?.id === id;
  if (id !== before) known = new Set();
  else list()?.offer(null);
  const { changed, turns: stored } = read(id);
  const mine = keysOf(turns);
  const others = stored.filter(({ key }) => !mine.has(key) && !known.has(key));
  const added = turns.filter(({ key }) => !keysOf(stored).has(key));
  const merged = [...turns.filter((turn) => !added.includes(turn)), ...others, ...added];
  if (JSON.stringify(merged) !== JSON.stringify(stored)) write(id, { changed: isOpened ? changed : Date.now(), turns: merged });
  setCurrent(id);
  known = mine;
  if (isOpened) wanted = null;
  else if (id !== before && !isQuiet) offerBack(before, id, turns.length > 0);
  isQuiet = false;
  list()?.show();
  if (others.some(({ key }) => !sent.has(key))) open(id); // another window has added to it
};

// Starting over and editing begin another conversation: the one before stays in the list, and can be gone back to.
function offerBack(before, id, isBranch) {
  if (!read(before).turns.length) return;
  const text = isBranch ? "Edited; the conversation as it was stays in the list." : "Started over; the conversation stays in the list.";
  list()?.offer(text, () => {
    localStorage.removeItem(PREFIX + id);
    open(before);
  });
}

function remove(id) {
  const { changed, turns } = read(id);
  const isOpen = id === current;
  localStorage.removeItem(PREFIX + id);
  if (isOpen) {
    isQuiet = true;
    document.getElementById("pq-clear").click();
  }
  list().show();
  list().offer(`Deleted “${nameOf(turns)}”.`, () => {
    write(id, { changed, turns });
    if (isOpen) open(id);
    list().show();
  });
}

const isAnswering = () => {
  const last = [...document.querySelectorAll("#pq-log .message-row")].at(-1);
  return Boolean(last) && !last.querySelector(".pq-tools");
};

// Another window has changed a conversation: what it added to the open one is shown, if need be after the answer.
addEventListener("storage", ({ key }) => {
  if (!key?.startsWith(PREFIX)) return;
  list()?.show();
  const isNews = key === PREFIX + current && read(current).turns.some((turn) => !known.has(turn.key) && !sent.has(turn.key));
  if (isNews && !isAnswering()) open(current);
});

const make = (tag, className, ...children) => {
  const element = Object.assign(document.createElement(tag), { className });
  element.append(...children);
  return element;
};

class Conversations extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector("details");
    this.rows = this.querySelector("ul");
    this.undo = this.querySelector(".pq-undo");
    this.details.addEventListener("toggle", () => this.show());
    this.addEventListener("click", ({ target }) => this.clicked(target.closest("button")));
    this.addEventListener("keydown", ({ key }) => { if (key === "Escape") this.close(); });
    document.addEventListener("click", ({ target }) => { if (!this.contains(target)) this.details.open = false; });
    this.show();
  }

  show() {
    const conversations = all();
    this.querySelector("summary").textContent = conversations.length ? `Conversations (${conversations.length})` : "Conversations";
    if (!this.details.open) return;
    const rows = conversations.map((one) => this.row(one));
    this.rows.replaceChildren(...(rows.length ? rows : [make("li", "pq-none", "Each conversation will stand here, in this browser only.")]));
  }

  row({ id, changed, turns }) {
    const name = nameOf(turns);
    const last = turns.at(-1).receipt.question;
    const when = new Date(changed).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    const about = turns.length > 1 ? [make("small", "", `… ${last}`), make("small", "", `${when} · ${turns.length} questions`)] : [make("small", "", when)];
    const opening = make("button", "pq-open", make("bdi", "", name), ...about);
    const deleting = make("button", "pq-delete", "×");
    deleting.setAttribute("aria-label", `Delete “${name}”`);
    if (id === current) opening.setAttribute("aria-current", "true");
    for (const button of [opening, deleting]) Object.assign(button, { type: "button" }).dataset.id = id;
    return make("li", "", opening, deleting);
  }

  clicked(button) {
    if (button?.className === "pq-open") {
      this.offer(null);
      open(button.dataset.id);
      this.close();
    } else if (button?.className === "pq-delete") {
      remove(button.dataset.id);
    } else if (button?.className === "pq-undo-it") {
      const { back } = this;
      this.offer(null);
      back();
    } else if (button) {
      this.offer(null);
    }
  }

  close() {
    if (!this.details.open) return;
    this.details.open = false;
    this.querySelector("summary").focus();
  }

  // Offer to undo what was done; null withdraws the offer.
  offer(text, back = null) {
    this.back = back;
    this.undo.hidden = !text;
    this.undo.querySelector("span").textContent = text ?? "";
  }
}

customElements.define("pq-conversations", Conversations);
