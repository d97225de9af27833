// Answer as one types: after a pause, and only while the box holds a question, the best proven sentence stands under the
// box. The focus stays in the box; arrows choose, Enter opens the post or asks, Escape closes. Off by its switch, on a
// slow line, and for a while after a slow reply.

const PAUSE = 250; // milliseconds without a key
const SLOW = 800; // milliseconds of a reply after which typing is left alone
const REST = 60_000; // milliseconds for which it is
const FEWEST_WORDS = 3; // of a text without a question mark
const OFF = "pq-suggest-off";
const BOX = "#pq-question-box textarea";
const GAP = 6; // pixels between the box and the list
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

function isQuestion(text) {
  const words = [...segmenter.segment(text)].filter((segment) => segment.isWordLike).length;
  return words > 0 && (words >= FEWEST_WORDS || /[?？؟]\s*$/.test(text));
}

function isSlowLine() {
  const { saveData = false, effectiveType = "4g" } = navigator.connection ?? {};
  return saveData || effectiveType !== "4g";
}

function option(id, ...children) {
  const element = Object.assign(document.createElement("div"), { id });
  element.setAttribute("role", "option");
  element.append(...children);
  return element;
}

const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });

class Suggest extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[role=status]");
    this.restsUntil = 0;
    const onOff = this.querySelector("input");
    onOff.checked = !localStorage.getItem(OFF);
    onOff.addEventListener("change", () => {
      if (onOff.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
      this.close();
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", ({ target }) => this.perform(target.closest("[role=option]")));
    this.ended = new AbortController();
    const { signal } = this.ended;
    const events = { input: this.typed, focusout: this.left, click: this.clicked };
    for (const [name, step] of Object.entries(events)) document.addEventListener(name, step.bind(this), { signal });
    document.addEventListener("keydown", this.pressed.bind(this), { signal, capture: true }); // before Gradio asks
    for (const name of ["scroll", "resize"]) addEventListener(name, () => this.place(), { signal, capture: true });
  }

  disconnectedCallback() { this.ended.abort(); }

  typed({ target }) {
    if (!target.matches?.(BOX)) return;
    this.box = target;
    clearTimeout(this.waiting);
    const isWanted = isQuestion(target.value) && !localStorage.getItem(OFF) && !isSlowLine() && performance.now() > this.restsUntil;
    if (isWanted) this.waiting = setTimeout(() => this.suggest(target.value.trim()), PAUSE);
    else this.close();
  }

  async suggest(question) {
    this.request?.abort(); // at most one is under way
    const request = this.request = new AbortController();
    const query = new URLSearchParams(window.pqFilters?.() ?? "");
    query.set("q", question);
    const last = [...document.querySelectorAll("#pq-log .pq-question")].at(-1);
    if (last) query.set("history", last.textContent);
    const begun = performance.now();
    try {
      const reply = await fetch(`v1/suggest?${query}`, { signal: request.signal });
      const { sentence, citation } = reply.ok ? await reply.json() : {};
      if (reply.status === 429 || reply.status === 503 || performance.now() - begun > SLOW) this.rest();
      if (this.box.value.trim() !== question || document.activeElement !== this.box) return;
      if (sentence) this.show(sentence, citation);
      else this.close();
    } catch (error) {
      if (error.name !== "AbortError") this.rest();
    }
  }

  rest() { this.restsUntil = performance.now() + REST; }

  show(sentence, { start, end, quote, post, focus }) {
    const from = [post.title, post.publisher, post.published].filter(Boolean).join(" · ");
    this.opened = { read: post.id, start, end, quote };
    if (focus && focus.quote !== quote) this.opened.focus = `${focus.start}-${focus.end}`;
    const ask = option("pq-suggestion-ask", "Ask for the whole answer");
    ask.dataset.ask = "";
    this.list.replaceChildren(option("pq-suggestion-1", text("q", sentence), text("cite", from)), ask);
    this.list.hidden = false;
    this.place();
    this.choose(null);
    const attributes = { "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(attributes)) this.box.setAttribute(name, value);
    this.status.textContent = `From “${post.title}”: ${sentence}`;
  }

  // Under the box where there is room, else above it.
  place() {
    if (this.list.hidden) return;
    const box = this.box.closest("#pq-entry").getBoundingClientRect();
    this.list.style.width = `${box.width}px`;
    this.list.style.left = `${box.left}px`;
    const height = this.list.offsetHeight + GAP;
    const isUnder = box.bottom + height <= (visualViewport?.height ?? innerHeight) || box.top < height;
    this.list.style.top = `${isUnder ? box.bottom + GAP : box.top - height}px`;
  }

  choose(chosen) {
    this.chosen = chosen;
    for (const one of this.list.children) one.setAttribute("aria-selected", String(one === chosen));
    if (chosen) this.box.setAttribute("aria-activedescendant", chosen.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (!event.target.matches?.(BOX) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !(this.chosen && !this.list.hidden)) this.close();
    if (this.list.hidden) return;
    const options = [...this.list.children];
    const at = options.indexOf(this.chosen);
    const isAtEnd = this.box.selectionStart === this.box.value.length;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowDown" && (isAtEnd || this.chosen)) this.choose(options[Math.min(at + 1, options.length - 1)]);
    else if (event.key === "ArrowUp" && this.chosen) this.choose(options[at - 1] ?? null);
    else if (event.key === "Enter" && this.chosen && !event.shiftKey) this.perform(this.chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  perform(chosen) {
    if (!chosen) return;
    this.close();
    if ("ask" in chosen.dataset) document.getElementById("pq-ask").click();
    else document.dispatchEvent(new CustomEvent("pq-read", { detail: { ...this.opened, from: this.box } }));
  }

  left({ target }) { if (target === this.box) this.close(); }

  clicked({ target }) { if (target.closest?.("#pq-ask, #pq-clear")) this.close(); }

  close() {
    clearTimeout(this.waiting);
    this.request?.abort();
    this.status.textContent = "";
    if (this.list.hidden) return;
    this.choose(null);
    this.list.hidden = true;
    this.box.removeAttribute("aria-controls");
  }
}

customElements.define("pq-suggest", Suggest);
