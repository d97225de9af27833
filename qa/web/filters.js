// Filters: chips beside the question's field, and the form that adds them. Every question is asked of what they say.

const LEADS = { posts: "", authors: "by ", publishers: "in ", since: "since ", until: "until " };
const DATES = ["since", "until"]; // of which there is one value each
const DATE = /^\d{4}(-\d\d){0,2}$/;
const titles = new Map(); // of posts by id, as far as they are known
let chosen = [...new URLSearchParams(location.search)].filter(([kind, value]) => kind in LEADS && value);

window.pqFilters = () => String(new URLSearchParams(chosen)); // sent with each question, see chat_tab.py

function choose(filters) {
  chosen = filters;
  document.querySelector("pq-filters")?.show();
}

function add(kind, value) {
  choose([...chosen.filter(([k, v]) => k !== kind || (v !== value && !DATES.includes(kind))), [kind, value]]);
}

class Filters extends HTMLElement {
  connectedCallback() {
    this.chips = this.querySelector(".pq-chips");
    this.problem = this.querySelector(".pq-filter-problem");
    this.addEventListener("input", ({ target, inputType }) => { if (inputType !== "insertText") this.pick(target); });
    this.addEventListener("change", ({ target }) => this.take(target));
    this.chips.addEventListener("click", ({ target }) => this.drop(target.closest("li")));
    this.querySelector("details").addEventListener("toggle", ({ target }) => { if (target.open) this.offer(); });
    this.show();
    if (chosen.some(([kind]) => kind === "posts")) this.offer(); // for their titles
  }

  show() {
    this.chips.replaceChildren(...chosen.map(([kind, value]) => {
      const name = Object.assign(document.createElement("bdi"), { textContent: titles.get(value) ?? value });
      const chip = Object.assign(document.createElement("button"), { type: "button", className: "pq-chip", title: "Remove" });
      chip.append(LEADS[kind], name);
      const item = document.createElement("li");
      item.append(chip);
      return item;
    }));
    this.chips.hidden = !chosen.length;
  }

  drop(item) {
    if (!item) return;
    const at = [...this.chips.children].indexOf(item);
    choose(chosen.toSpliced(at, 1));
    (this.chips.children[Math.min(at, chosen.length - 1)]?.firstChild ?? this.querySelector("summary")).focus();
  }

  async offer() {
    try {
      const reply = await fetch("page/filters");
      if (!reply.ok) throw new Error(reply.statusText);
      const offered = await reply.json();
      for (const [id, title] of offered.posts) titles.set(id, title);
      for (const [kind, values] of Object.entries(offered)) {
        const options = values.map(([, name]) => Object.assign(document.createElement("option"), { value: name }));
        this.querySelector(`#pq-offered-${kind}`).replaceChildren(...options);
      }
      this.show();
    } catch {
      this.problem.textContent = "What can be chosen cannot be listed now. Is the server still running?";
    }
  }

  // A value that is picked from the list needs no further key.
  pick(field) {
    if ([...field.list?.options ?? []].some((option) => option.value === field.value)) this.take(field);
  }

  take(field) {
    const [kind, value] = [field.dataset.filter, field.value.trim()];
    if (!value) return;
    const id = kind === "posts" ? [...titles].find(([post, title]) => title === value || post === value)?.[0] : value;
    const isRight = id && (!DATES.includes(kind) || DATE.test(value));
    this.problem.textContent = isRight ? "" : kind === "posts" ? "No post has this title." : "A date is 2021, 2021-05 or 2021-05-04.";
    if (!isRight) return;
    field.value = "";
    add(kind, id);
  }
}

customElements.define("pq-filters", Filters);

document.addEventListener("pq-about", ({ detail }) => {
  titles.set(detail.post, detail.title);
  add("posts", detail.post);
});
document.addEventListener("click", (event) => { if (event.target.closest?.("#pq-clear")) choose([]); });
