/* What is wrong with a page, in words: widths, headings, targets, one language. Evaluated by walk.py. */
async ([width, japanese]) => {
  const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff@]/;
  const HIRAGANA = /[\u3040-\u309f]/;
  const WORD = /[A-Za-z]{3}/;
  // What the world that is walked through is named like, and what is said alike in every language.
  const NAMES =
    /English|日本語|\btrue\b|みらい営業|はじめての商談|「高い」と言われたら、まず何を聞くか|価格の対話|最近のひとこと|たなか \d+こ|値引きは、次の値引きを呼ぶ。|比べる相手が分かる。|決める人だから。|5%引きます。|もっと引ける\?|値引きの要求|どうでした\?|そうですか。|何と比べて\?|引き下がる。|契約書です。|出直します。|高いですね。|もう一度。|では\?|聞く力|\S+[.@]\S+/g;
  const DATA = "bdi, code, script, style, template, noscript, .mono, textarea";
  const TARGETS =
    "button, input:not([type=hidden]), select, textarea, summary, .btn, .iconbtn, .rowlink, .pills a, nav a";
  const LEAST = 43.9;
  const language = japanese ? "ja" : "en";

  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const name = (element) => {
    const words = (element.textContent.trim() || element.name || element.id).replace(/\s+/g, " ");
    return `<${element.localName} class="${element.className}"> ${words.slice(0, 40)}`;
  };
  const isForeign = (text) => (japanese ? WORD.test(text) && !JAPANESE.test(text) : HIRAGANA.test(text));

  function* frame() {
    if (document.documentElement.scrollWidth > width) {
      const wide = [...document.querySelectorAll("main *, header *")].filter(
        (element) => seen(element) && element.getBoundingClientRect().right > width + 1,
      );
      yield `scrolls sideways: ${wide.slice(0, 3).map(name)}`;
    }
    for (const table of document.querySelectorAll(".card > table")) {
      if (table.offsetWidth > table.parentElement.clientWidth) yield `has a table that sticks out: ${name(table)}`;
    }
    const firsts = [...document.querySelectorAll("h1")].filter(seen);
    if (firsts.length !== 1) yield `has ${firsts.length} first headings`;
    if (!document.title.split("|")[0].trim()) yield "has no title";
    if (document.querySelectorAll("main").length !== 1) yield "has not one main landmark";
    if (document.documentElement.lang !== language) yield "is in another language";
  }

  function* targets() {
    for (const link of document.querySelectorAll('a[href=""]:not([aria-current])')) {
      yield `leads nowhere: ${name(link)}`;
    }
    for (const element of document.querySelectorAll(TARGETS)) {
      const isBox = element.matches("[type=radio], [type=checkbox]");
      const target = isBox ? element.closest("label") : element;
      // What only a screen reader meets is pressed by way of something else.
      if (!target || !seen(target) || target.matches(".sr")) continue;
      const { height, width: across, right } = target.getBoundingClientRect();
      if (height && right > 0 && Math.min(height, across) < LEAST) {
        yield `is hard to hit (${Math.round(across)} x ${Math.round(height)}): ${name(target)}`;
      }
    }
  }

  function* words() {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      const text = texts.currentNode.data.replace(NAMES, "").trim();
      const isOurs = element.closest("[lang]").lang === language && !element.closest(DATA);
      if (isOurs && isForeign(text) && seen(element)) {
        yield `speaks another language: ${text.slice(0, 60)}`;
      }
    }
  }

  // A page may still be putting itself in order: only what stays is wrong.
  for (let rest = 10; ; rest -= 1) {
    const found = [...frame(), ...targets(), ...words()];
    if (!found.length || !rest) return found;
    await new Promise((go) => setTimeout(go, 100));
  }
};
