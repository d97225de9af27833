// Evaluate: shows a run's report, puts its failures on the map, and reads a gold file without sending it.

const report = () => document.getElementById("pq-report");

async function show({ run, baseline }) {
  if (!report() || !run) return;
  report().setAttribute("aria-busy", "true");
  try {
    const reply = await fetch(`page/evaluation?${new URLSearchParams({ run, baseline: baseline ?? "" })}`);
    if (![200, 404].includes(reply.status)) throw new Error(reply.statusText);
    report().innerHTML = await reply.text(); // the server has escaped what it quotes
  } catch {
    report().textContent = "The run cannot be read now. Is the server still running?";
  }
  report().removeAttribute("aria-busy");
  const queries = document.getElementById("pq-report-queries")?.textContent ?? "[]";
  document.dispatchEvent(new CustomEvent("pq-show-queries", { detail: { queries: JSON.parse(queries) } }));
}

document.addEventListener("pq-evaluation", ({ detail }) => show(detail));

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
