// Evaluate: shows a run's report, puts the failures of one that was chosen on the map, and reads a gold file without sending it.

const report = () => document.getElementById("pq-report");

let latest; // the request whose reply is shown

async function show({ run = "", baseline = "" }) {
  if (!report()) return;
  const query = latest = new URLSearchParams({ run, baseline });
  report().setAttribute("aria-busy", "true");
  let text = "";
  try {
    const reply = await fetch(`page/evaluation?${query}`);
    if (![200, 404].includes(reply.status)) throw new Error(reply.statusText);
    text = await reply.text(); // the server has escaped what it quotes
  } catch {
    text = "The run cannot be read now. Is the server still running?";
  }
  if (query !== latest) return;
  report().innerHTML = text;
  report().removeAttribute("aria-busy");
}

document.addEventListener("pq-evaluation", async ({ detail }) => {
  await show(detail);
  const queries = document.getElementById("pq-report-queries")?.textContent ?? "[]";
  document.dispatchEvent(new CustomEvent("pq-show-queries", { detail: { queries: JSON.parse(queries) } }));
});

// When the tab is opened, it shows the latest run.
customElements.define("pq-report", class extends HTMLElement {
  connectedCallback() { if (!this.childElementCount) show({}); }
});

// A file is put into the field as if it had been pasted; its questions go out only when they are run.
document.addEventListener("change", async ({ target }) => {
  if (target.id !== "pq-gold-file" || !target.files.length) return;
  const [file] = target.files;
  const field = document.querySelector("#pq-gold-text textarea");
  const status = document.getElementById("pq-gold-status");
  if (file.size > Number(field.maxLength)) {
    status.textContent = "The file is too large for the page; evaluate it with qa eval.";
    return;
  }
  field.value = await file.text();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  status.textContent = `${file.name} stands above.`;
});
