#include "doctor/render/html_style.h"

namespace truename::doctor {

std::string_view html_style() {
    return R"css(<style>
:root{--paper:#f6f7f9;--card:#fff;--ink:#16202c;--soft:#4d5b6a;--line:#d5dbe2;--accent:#1f5fa8;
--silent:#17653a;--warns:#8a4b00;--refuses:#a8182b;--unknown:#4d5b6a;--silent-b:#e3f3e9;--warns-b:#fdf0d9;--refuses-b:#fbe4e6;--unknown-b:#e9edf1;
--win:#fff;--win-bar:#e8ecf1;--win-foot:#f0f2f5;--win-ink:#1b1b1b;--win-line:#9aa5b1;--btn:#fdfdfd;--shadow:0 1px 2px rgba(16,32,48,.08),0 8px 24px rgba(16,32,48,.10)}
@media (prefers-color-scheme:dark){:root{--paper:#12171d;--card:#1b222b;--ink:#e8edf3;--soft:#a9b6c4;--line:#364250;--accent:#8cbcf5;
--silent:#86d6a5;--warns:#f3c072;--refuses:#ff9aa4;--unknown:#b4c0cd;--silent-b:#17301f;--warns-b:#38290d;--refuses-b:#3d1a1f;--unknown-b:#2a333e;
--win:#262f3a;--win-bar:#323d4a;--win-foot:#2c3642;--win-ink:#f1f4f8;--win-line:#566475;--btn:#3a4653;--shadow:0 8px 24px rgba(0,0,0,.45)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}
h1,h2,h3{line-height:1.25;margin:0}
h1{font-size:1.05rem;font-weight:600;color:var(--soft);overflow-wrap:anywhere}
h1 b{color:var(--ink);font-size:1.5rem;display:block}
h2{font-size:1.2rem;margin:2.4rem 0 .9rem}
h3{font-size:1rem;margin:0 0 .3rem;overflow-wrap:anywhere}
p{margin:.4rem 0}
.soft{color:var(--soft);font-size:.92rem}
.act{background:var(--card);border:1px solid var(--line);border-left:.45rem solid var(--unknown);border-radius:.6rem;padding:1.1rem 1.3rem;margin:1.2rem 0 0;box-shadow:var(--shadow)}
.act.silent{border-left-color:var(--silent)}.act.warns{border-left-color:var(--warns)}.act.refuses{border-left-color:var(--refuses)}
.act .say{font-size:1.35rem;line-height:1.35;font-weight:650;margin:0;overflow-wrap:anywhere}
.act .hint{margin:.6rem 0 0}
.counts{display:flex;flex-wrap:wrap;gap:.5rem;margin:.9rem 0 0;padding:0;list-style:none}
.mark{display:inline-flex;align-items:center;gap:.4em;border-radius:1em;padding:.12em .7em;font-weight:600;font-size:.9rem;white-space:nowrap;border:1px solid currentColor}
.mark::before{font-weight:700}
.mark.silent{color:var(--silent);background:var(--silent-b)}.mark.silent::before{content:"\2713"}
.mark.warns{color:var(--warns);background:var(--warns-b)}.mark.warns::before{content:"!"}
.mark.refuses{color:var(--refuses);background:var(--refuses-b)}.mark.refuses::before{content:"\2715"}
.mark.not-judged{color:var(--unknown);background:var(--unknown-b)}.mark.not-judged::before{content:"?"}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.9rem 1.1rem;margin:0 0 .8rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .8rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;font-size:.85rem;color:var(--soft);font-weight:600}
tbody th{font-weight:600;min-width:9rem}
tbody th .soft{font-weight:400}
td.wide{width:48%}
td.short{white-space:nowrap}
h3+table{margin:.4rem 0 1.4rem}
.quote{font-style:normal}
.windows{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,25rem),1fr));gap:1.6rem 1.4rem;align-items:start}
figure{margin:0;break-inside:avoid}
figcaption{margin:0 0 .55rem;overflow-wrap:anywhere}
figcaption b{display:block}
.window{background:var(--win);color:var(--win-ink);border:1px solid var(--win-line);border-radius:.35rem;box-shadow:var(--shadow);font-size:.93rem;overflow:hidden}
.window+.window{margin-top:.9rem}
.then{margin:.7rem 0;color:var(--soft);font-size:.9rem}
.bar{display:flex;align-items:center;gap:.6rem;background:var(--win-bar);border-bottom:1px solid var(--win-line);padding:.4rem .75rem;font-size:.88rem;min-height:2.1rem}
.bar b{font-weight:600;flex:1;overflow-wrap:anywhere}
.bar i{font-style:normal;opacity:.75}
.lights{display:none;gap:.35rem}.lights span{width:.72rem;height:.72rem;border-radius:50%;border:1px solid var(--win-line);background:var(--btn)}
.body{display:flex;gap:.9rem;padding:1rem 1rem .9rem}
.body svg{flex:none;width:2.1rem;height:2.1rem}
.lines{flex:1;min-width:0;overflow-wrap:anywhere}
.lines p{margin:0 0 .55rem}.lines p:last-child{margin:0}
.lines .main{font-weight:650}
.buttons{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:.5rem;background:var(--win-foot);border-top:1px solid var(--win-line);padding:.65rem .8rem}
.button{border:1px solid var(--win-line);background:var(--btn);border-radius:.25rem;padding:.22rem 1.05rem;min-width:5rem;text-align:center}
[data-platform^="win"] .window{border-radius:.15rem}
[data-platform^="win"] .button{border-radius:.1rem}
[data-platform^="mac"] .window{border-radius:.65rem}
[data-platform^="mac"] .lights{display:inline-flex}
[data-platform^="mac"] .bar i{display:none}
[data-platform^="mac"] .bar b{text-align:center}
[data-platform^="mac"] .button{border-radius:.4rem}
[data-platform^="ios"] .window,[data-platform^="android"] .window{border-radius:1rem;max-width:20rem}
[data-platform^="ios"] .bar,[data-platform^="android"] .bar{background:transparent;border:0;padding-top:1rem}
[data-platform^="ios"] .bar b{text-align:center}
[data-platform^="ios"] .bar i,[data-platform^="android"] .bar i{display:none}
[data-platform^="ios"] .body svg,[data-platform^="android"] .body svg{display:none}
[data-platform^="ios"] .body{padding-top:.3rem;text-align:center}
[data-platform^="ios"] .buttons{flex-direction:column;gap:0;padding:0;background:transparent}
[data-platform^="ios"] .button{border:0;border-top:1px solid var(--win-line);border-radius:0;background:transparent;padding:.6rem;color:var(--accent)}
[data-platform^="ios"] .button:first-child{border-top:0}
[data-platform^="android"] .buttons{background:transparent;border:0}
[data-platform^="android"] .button{border-color:transparent;background:transparent;color:var(--accent);font-weight:600}
.page .bar{background:transparent}.notification{border-radius:.8rem}
.plain .body{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.86rem}
ol.mends{list-style:none;margin:0;padding:0}
.effect{font-weight:600}
pre{background:var(--unknown-b);border:1px solid var(--line);border-radius:.4rem;padding:.55rem .75rem;margin:.5rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font:.86rem/1.5 ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace}
.id{display:inline-block;min-width:2.2em;font-weight:700;color:var(--accent)}
ol.names{display:flex;flex-wrap:wrap;gap:.3rem 1.6rem;padding-left:1.4rem;margin:.4rem 0}
footer{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:.8rem}
.report+.report{margin-top:3.5rem;border-top:3px solid var(--line);padding-top:1.5rem}
@media (max-width:44rem){main{padding:1rem .8rem 2rem}h1 b{font-size:1.3rem}.act .say{font-size:1.15rem}
table,tbody,tr,td,tbody th{display:block;width:auto}thead{position:absolute;left:-9999px}
tbody tr{border-top:1px solid var(--line);padding:.6rem .8rem}tbody tr:first-child{border-top:0}td,tbody th{border:0;padding:.1rem 0}td:empty{display:none}td.wide{width:auto}
tr.quiet{display:flex;flex-wrap:wrap;gap:.1rem .8rem;align-items:baseline}tr.quiet th{flex:1 1 60%}tr.quiet .known{display:none}
td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#888;--accent:#000;--silent:#000;--warns:#000;--refuses:#000;--unknown:#000;
--silent-b:#fff;--warns-b:#fff;--refuses-b:#fff;--unknown-b:#fff;--win:#fff;--win-bar:#fff;--win-foot:#fff;--win-ink:#000;--win-line:#444;--btn:#fff;--shadow:none}
@page{margin:12mm}html{font-size:11.5px}body{font-size:9pt;line-height:1.35}main{max-width:none;padding:0}h2{margin:1.2rem 0 .4rem}p{margin:.2rem 0}
h1,h2,h3,figcaption,.then{break-after:avoid}.act,.card,.window,figure,tr,pre,li{break-inside:avoid}thead{display:table-header-group}
.act,.card{padding:.5rem .8rem;margin-bottom:.5rem}footer{margin-top:.8rem;padding:.2rem 0}th,td{padding:.2rem .5rem}th br,td br{display:none}br+.soft{margin-left:.6em}
.windows{display:block;columns:3;column-gap:1.2rem}figure{margin:0 0 1.3rem}.body{padding:.7rem;gap:.7rem}.buttons{padding:.4rem .6rem}
.report+.report{break-before:page;margin:0;border:0;padding:0}}
</style>
)css";
}

}  // namespace truename::doctor
