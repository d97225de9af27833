// The page's state in its address: ?q= asks, tab= and filters say where and of which posts, #post=ID&at=321-774 opens a
// sentence. Back and Forward go through them.

const FILTERS = ["posts", "authors", "publishers", "since", "until"];
const STATE = ["q", "tab", ...FILTERS];
const query = () => new URLSearchParams(location.search);
const tell = (name, detail = {}) => document.dispatchEvent(new CustomEvent(name, { detail }));
const filtersOf = (params) => [...params].filter(([name, value]) => FILTERS.includes(name) && value);
let isFollowing = false; // an address, whose own events must not change it

// Put parameters in place of those of the state; others, such as a theme, stay.
function go(params, hash = "") {
  if (isFollowing) return;
  const kept = [...query()].filter(([name]) => !STATE.includes(name));
  const next = new URLSearchParams([...kept, ...params]);
  const address = `${location.pathname}${next.size ? `?${next}` : ""}${hash}`;
  if (address !== `${location.pathname}${location.search}${location.hash}`) history.pushState(null, "", address);
}

const stateOf = (params) => [...params].filter(([name]) => STATE.includes(name));

function follow() {
  const params = query();
  const [tab, question] = [params.get("tab") ?? "chat", params.get("q")];
  isFollowing = true;
  document.getElementById(`pq-tab-${tab}-button`)?.click();
  if (tab === "survey" && question) tell("pq-survey", { question, filters: filtersOf(params) });
  else if (tab === "chat" && question) ask(question);
  openPost();
  setTimeout(() => { isFollowing = false; });
}

// A question that stands in the conversation is shown, not asked again.
function ask(question) {
  const asked = [...document.querySelectorAll("#pq-log .user-row .pq-question")];
  const row = asked.findLast((one) => one.textContent.trim() === question.trim());
  if (row) row.scrollIntoView({ block: "start" });
  else tell("pq-action", { action: "ask", turn: 0, text: question });
}

function openPost() {
  const hash = new URLSearchParams(location.hash.slice(1));
  if (!hash.get("post")) return tell("pq-close");
  const [start, end] = (hash.get("at") ?? "").split("-");
  const focus = hash.get("focus")?.match(/^\d{1,9}-\d{1,9}$/)?.[0] ?? "";
  return tell("pq-read", { read: hash.get("post"), start: start || 0, end: end || 0, focus });
}

document.addEventListener("pq-address", ({ detail }) => go(Object.entries(detail)));
document.addEventListener("pq-opened", ({ detail }) => {
  const at = Number(detail.end) ? `&at=${detail.start}-${detail.end}` : "";
  const focus = detail.focus ? `&focus=${detail.focus}` : "";
  go(stateOf(query()), `#post=${encodeURIComponent(detail.post)}${at}${focus}`);
});
document.addEventListener("pq-closed", () => go(stateOf(query())));
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('[role="tab"][id^="pq-tab-"]');
  const survey = event.target.closest?.("[data-survey]");
  if (survey) {
    event.preventDefault();
    go([...new URLSearchParams(survey.dataset.survey), ["tab", "survey"]]);
    follow();
  } else if (tab && event.isTrusted) {
    const name = tab.id.slice("pq-tab-".length, -"-button".length);
    go(name === "chat" ? latest() : [["tab", name]], location.hash);
  }
});
addEventListener("popstate", follow);

// The newest answer's address, as the panel of sources holds it.
const latest = () => [...new URLSearchParams(document.querySelector(".pq-sources")?.dataset.address ?? "")];
let shown;

function noteAnswer() {
  const address = document.querySelector(".pq-sources")?.dataset.address;
  if (!isReady || address === shown) return;
  shown = address;
  if ((query().get("tab") ?? "chat") !== "chat") return;
  go(latest(), location.hash);
  // A question for posts leads to all of them; Back leads to the answer.
  document.querySelector(".pq-sources > .pq-of-turn [data-leads]")?.click();
}

// The conversation that the browser keeps comes before the question of the address is asked.
let isReady = false;
document.addEventListener("pq-loaded", () => {
  if (isReady) return;
  shown = document.querySelector(".pq-sources")?.dataset.address;
  isReady = true;
  if (location.search || location.hash) follow();
});
new MutationObserver(noteAnswer).observe(document, { subtree: true, childList: true, attributeFilter: ["data-address"] });
