// What is typed outlives a reload and an outage, and a question is shown before the server has answered.

const KEPT = "pq-draft";
const field = () => document.querySelector("#pq-question-box textarea");
const replies = () => document.querySelectorAll("#pq-log .bot-row").length;
let pending = null; // the question that the server has not answered yet: its text, and how many replies stood before it
let abandoned = null; // the question of a conversation that ended before the server had begun to answer
let isRestored = false;
let isLeaving = false;

const lastQuestion = () => replies() && [...document.querySelectorAll("#pq-log .pq-question")].at(-1)?.textContent.trim();

const keep = () => sessionStorage.setItem(KEPT, [pending?.question, field()?.value].filter(Boolean).join(" "));

function type(text) {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
}

// Called as a question is sent: the field is free for the next one, and Gradio is told to show the question.
window.pqAsked = (question, isTyped = false) => {
  if (isTyped) type("");
  abandoned = null;
  if (question.trim()) {
    pending = { question, replies: replies() };
    keep();
    document.dispatchEvent(new CustomEvent("pq-asked"));
  }
  return question;
};

// The chatbot's messages with the question, escaped like `question_html`.
window.pqPending = (log) => {
  if (!pending) return log;
  const bubble = Object.assign(document.createElement("div"), { className: "pq-question", textContent: pending.question.trim() });
  return [...(log ?? []), { role: "user", content: [{ type: "text", text: bubble.outerHTML }] }];
};

// A question that could not be asked goes back into the field, unless another is typed there.
window.pqNotAsked = (text, log) => {
  const question = pending?.question;
  pending = null;
  return question ? [text || question, log.slice(0, -1)] : [text, log];
};

function settle() {
  if (!isRestored && field()) {
    isRestored = true;
    const draft = sessionStorage.getItem(KEPT);
    if (draft && !field().value) type(draft);
  }
  if (pending && replies() > pending.replies) {
    pending = null;
    keep();
  }
  if (abandoned && lastQuestion() === abandoned) {
    abandoned = null;
    document.querySelector("#pq-clear").click();
  }
}

document.addEventListener("pq-action", ({ detail }) => { if (detail.action === "ask") window.pqAsked(detail.text); });
document.addEventListener("input", ({ target }) => { if (target === field()) keep(); });
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("#pq-clear")) {
    // A server that has not begun cannot be stopped: its first words, should they come, begin the conversation anew.
    abandoned = pending?.question.trim() ?? null;
    pending = null;
    keep();
  }
}, true);
new MutationObserver(settle).observe(document, { subtree: true, childList: true });

// When the server ends the page's stream, the page is loaded again as soon as a server answers.
const outage = Object.assign(document.createElement("p"), { id: "pq-outage", role: "status" });
outage.textContent = "The server does not answer. What you typed is kept until it does.";

async function reconnect() {
  const reply = await fetch("gradio_api/app_id").catch(() => null);
  if (isLeaving) return;
  if (reply?.ok || reply?.status === 401) location.reload();
  else {
    document.body.append(outage);
    setTimeout(reconnect, 1000);
  }
}

for (const name of ["beforeunload", "pagehide"]) addEventListener(name, () => { isLeaving = true; });
new PerformanceObserver((list) => {
  if (!isLeaving && list.getEntries().some(({ name }) => name.includes("/heartbeat/"))) reconnect();
}).observe({ type: "resource" });
