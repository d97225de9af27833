// The list of posts: searched as words are typed, page by page; the server has escaped what it quotes.

const PAUSE = 150; // milliseconds without a key before a search

class Posts extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector(".pq-posts-list");
    this.status = this.querySelector(".pq-posts-status");
    this.more = this.querySelector(".pq-more");
    this.entry = this.querySelector("input");
    this.entry.addEventListener("input", () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.find(), PAUSE);
    });
    this.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.find(); });
    this.more.addEventListener("click", () => this.find(this.next));
    this.list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-similar]");
      if (button) this.similar(button);
    });
    this.find();
  }

  async find(offset = 0) {
    clearTimeout(this.waiting);
    this.request?.abort(); // the reply to an earlier text is of no use
    const request = this.request = new AbortController();
    try {
      const query = new URLSearchParams({ words: this.entry.value, offset });
      const reply = await fetch(`page/posts?${query}`, { signal: request.signal });
      if (!reply.ok) throw new Error(reply.statusText);
      this.show(await reply.json(), offset);
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = "The posts cannot be listed now. Is the server still running?";
    }
  }

  show({ status, rows, next }, offset) {
    const before = this.list.children.length;
    if (offset) this.list.insertAdjacentHTML("beforeend", rows);
    else this.list.innerHTML = rows;
    this.status.textContent = status;
    this.next = next;
    this.more.hidden = next === null;
    if (offset) this.list.children[before]?.querySelector("a").focus();
  }

  async similar(button) {
    const box = button.closest(".pq-post").querySelector(".pq-similar-posts");
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || box.childElementCount) return;
    try {
      const reply = await fetch(`page/similar?${new URLSearchParams({ post: button.dataset.similar })}`);
      if (!reply.ok) throw new Error(reply.statusText);
      box.innerHTML = await reply.text();
    } catch {
      box.textContent = "They cannot be found now.";
    }
  }
}

customElements.define("pq-posts", Posts);
document.addEventListener("pq-index-changed", () => document.querySelector("pq-posts")?.find());
