"""The frame of the evaluation page (`$title`, `$rules` and `$body` are filled in), and the rules of its style.

The rules name no colour but by variable, so that the report can also stand within another page.
"""

from __future__ import annotations

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>$title</title>
<style>
:root { color-scheme: light dark; --page: #fbfaf8; --card: #fff; --ink: #1d2129; --soft: #626a76;
  --rule: #e2dfd8; --fill: #2f6f8f; --track: #ece9e2; --mark: #b4531f; --good: #2b7a4b; --bad: #b3362c; }
@media (prefers-color-scheme: dark) { :root { --page: #15181d; --card: #1d2128; --ink: #e7e9ec;
  --soft: #9aa3af; --rule: #323842; --fill: #62a8c9; --track: #2a3038; --mark: #e3935f;
  --good: #6cc391; --bad: #ee8379; } }
body { margin: 0 auto; max-width: 1120px; padding: 32px 24px 80px; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
$rules</style>
</head>
<body>
$body
</body>
</html>
"""

RULES = """* { box-sizing: border-box; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h1 + p { color: var(--soft); margin: 4px 0 24px; }
h2 { font-size: 19px; margin: 40px 0 12px; }
h3 { font-size: 14px; margin: 16px 0 4px; color: var(--soft); }
small { color: var(--soft); font-size: 13px; font-weight: 400; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 12px; }
.tile, figure, details { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 23px; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 14px; }
.charts.wide { grid-template-columns: repeat(auto-fill, minmax(440px, 1fr)); }
@media (max-width: 520px) { .charts, .charts.wide { grid-template-columns: 1fr; } }
figure { margin: 0; padding: 12px 14px; }
figcaption { font-weight: 600; margin-bottom: 8px; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
svg text.strong { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--card);
  stroke-width: 4px; }
.fill { fill: var(--fill); } .track { fill: var(--track); } .dot { fill: var(--fill); fill-opacity: .75; }
.line { fill: none; stroke: var(--fill); stroke-width: 2; } .grid { stroke: var(--rule); }
.guide { stroke: var(--soft); stroke-dasharray: 4 4; }
.mark { stroke: var(--mark); stroke-width: 2; } .whisker { stroke: var(--mark); stroke-width: 3; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 5px 14px 5px 0; text-align: right; border-bottom: 1px solid var(--rule);
  vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
th:first-child, td:first-child, .prose th, .prose td { text-align: left; }
.prose { width: 100%; }
.prose td { white-space: pre-line; min-width: 64px; } .prose td:nth-child(2) { min-width: 240px; }
.prose td:first-child { min-width: 20px; } .prose.changes td { min-width: 150px; }
details { padding: 10px 14px; margin: 8px 0; }
summary { cursor: pointer; }
summary small { display: block; margin-left: 16px; color: var(--bad); }
.tag { background: var(--track); border-radius: 8px; padding: 1px 8px; font-size: 12px; }
blockquote { margin: 10px 0; padding: 2px 12px; border-left: 3px solid var(--good); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 10px 0; }
dt { color: var(--soft); } dd { margin: 0; white-space: pre-line; overflow-wrap: anywhere; }
ol { margin: 4px 0; padding-left: 24px; }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
"""
