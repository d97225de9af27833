// Who says what: sends the question of the form, and shows the rows; the server has escaped what it quotes.

let wanted; // the question shown: the tab may be opened, or made anew by Gradio, after it was asked

class Survey extends HTMLElement {
  connectedCallback() {
    this.entry = this.querySelector("input");
    this.rows = this.querySelector(".pq-survey-rows");
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.entry.value.trim()) return;
      document.dispatchEvent(new CustomEvent("pq-address", { detail: { q: this.entry.value.trim(), tab: "survey" } }));
      wanted = { question: this.entry.value, filters: [] };
      this.ask();
    });
    this.ask();
  }

  async ask() {
    if (!wanted) return;
    this.entry.value = wanted.question;
    this.request?.abort(); // the reply to an earlier question is of no use
    const request = this.request = new AbortController();
    this.rows.setAttribute("aria-busy", "true");
    try {
      const query = new URLSearchParams([["q", wanted.question], ...wanted.filters]);
      const reply = await fetch(`page/survey?${query}`, { signal: request.signal });
      if (![200, 422].includes(reply.status)) throw new Error(reply.statusText);
      this.rows.innerHTML = await reply.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.rows.textContent = "The posts cannot be asked now. Is the server still running?";
    }
    this.rows.removeAttribute("aria-busy");
  }
}

customElements.define("pq-survey", Survey);
document.addEventListener("pq-survey", ({ detail }) => {
  wanted = detail;
  document.querySelector("pq-survey")?.ask();
});
