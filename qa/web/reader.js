// The reading pane: any link with data-read opens that post in it, at a span; it stays open beside the page.

const pane = () => document.getElementById("pq-reader");
let opener;

async function read({ read: post, start = 0, end = 0, quote = "", focus = "", from }) {
  opener = from ?? document.activeElement;
  const query = new URLSearchParams({ post, start, end, quote, focus });
  const text = document.getElementById("pq-reader-text");
  text.replaceChildren();
  text.setAttribute("aria-busy", "true");
  pane().hidden = false;
  document.body.classList.add("pq-reading");
  document.dispatchEvent(new CustomEvent("pq-opened", { detail: { post, start, end, focus } }));
  try {
    const reply = await fetch(`page/read?${query}`);
    if (![200, 404].includes(reply.status)) throw new Error(reply.statusText);
    text.innerHTML = await reply.text(); // the server has escaped the post
  } catch {
    text.textContent = "The post cannot be read now. Is the server still running?";
  }
  text.removeAttribute("aria-busy");
  document.getElementById("pq-reader-title").textContent = text.querySelector("h2")?.textContent ?? "";
  const mark = text.querySelector("mark");
  (mark ?? text.querySelector("h2") ?? pane()).focus({ preventScroll: true });
  if (mark) (text.querySelector(".pq-focus") ?? mark).scrollIntoView({ block: "center" });
  else pane().scrollTo(0, 0);
}

function close() {
  if (pane().hidden) return;
  pane().hidden = true;
  document.body.classList.remove("pq-reading");
  document.dispatchEvent(new CustomEvent("pq-closed"));
  const back = opener?.isConnected ? opener : document.querySelector("#pq-question-box textarea");
  back?.focus();
}

// A question about one post: the chat comes to the front with the post as its filter.
function askAbout({ about, title }) {
  document.dispatchEvent(new CustomEvent("pq-about", { detail: { post: about, title } }));
  close();
  document.getElementById("pq-tab-chat-button")?.click();
  document.querySelector("#pq-question-box textarea")?.focus();
}

document.addEventListener("pq-read", ({ detail }) => read(detail));
document.addEventListener("pq-close", close);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('[data-read], [data-about], a[href^="#pq-post-"], #pq-reader-close');
  if (!link) return;
  event.preventDefault();
  if (link.id === "pq-reader-close") close();
  else if (link.dataset.about) askAbout(link.dataset);
  else if (link.dataset.read) read({ ...link.dataset, from: link });
  else read({ read: decodeURIComponent(link.getAttribute("href").slice("#pq-post-".length)), from: link });
});

document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
