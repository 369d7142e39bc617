// The search's dialog: its place in the header, its keys, and its results. What is searched, and what ranks it, is
// fetched when a reader turns to it, as scripts, so that it also works from a disk.
"use strict";
{
  const root = new URL("..", document.currentScript.src)
  const toggle = document.getElementById("__search")
  const icon = path => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`
  const GLASS = icon("M9.5 3A6.5 6.5 0 0 1 16 9.5c0 1.61-.59 3.09-1.56 4.23l.27.27h.79l5 5-1.5 1.5-5-5v-.79l-.27-.27A6.52 6.52 0 0 1 9.5 16 6.5 6.5 0 0 1 3 9.5 6.5 6.5 0 0 1 9.5 3m0 2C7 5 5 7 5 9.5S7 14 9.5 14 14 12 14 9.5 12 5 9.5 5")
  const BACK = icon("M20 11v2H8l5.5 5.5-1.42 1.42L4.16 12l7.92-7.92L13.5 5.5 8 11z")
  const CLEAR = icon("M19 6.41 17.59 5 12 10.59 6.41 5 5 6.41 10.59 12 5 17.59 6.41 19 12 13.41 17.59 19 19 17.59 13.41 12z")
  const SHOWN = 20

  // The theme's own classes, so that it looks as a search of the theme does. Without JavaScript there is none.
  const parts = document.createElement("template")
  parts.innerHTML = `<button type="button" class="md-header__button md-icon" for="__search" aria-label="Search">${GLASS}</button>
    <div class="md-search" role="dialog" aria-label="Search">
      <label class="md-search__overlay" for="__search"></label>
      <div class="md-search__inner" role="search">
        <form class="md-search__form">
          <input type="text" class="md-search__input" aria-label="Search" placeholder="Search" autocapitalize="off" autocomplete="off" autocorrect="off" spellcheck="false" enterkeyhint="go" required>
          <label class="md-search__icon md-icon" for="__search">${GLASS}${BACK}</label>
          <nav class="md-search__options" aria-label="Search"><button type="reset" class="md-search__icon md-icon" title="Clear" aria-label="Clear" tabindex="-1">${CLEAR}</button></nav>
        </form>
        <div class="md-search__output"><div class="md-search__scrollwrap" tabindex="0"><div class="md-search-result">
          <div class="md-search-result__meta" role="status">Type to start searching</div>
          <ol class="md-search-result__list" role="presentation"></ol>
        </div></div></div>
      </div>
    </div>`
  const place = document.querySelector(".md-header__inner")
  place.append(parts.content)
  const [opener, form, input] = ["button[for=__search]", "form.md-search__form", ".md-search__input"].map(one => place.querySelector(one))
  const [meta, list, wrap] = [".md-search-result__meta", ".md-search-result__list", ".md-search__scrollwrap"].map(one => place.querySelector(one))
  const links = () => [...list.querySelectorAll("a, button")]

  let ready
  function load() {
    ready ??= Promise.all(["search-index.js", "search-rank.js", "minisearch/minisearch.min.js"].map(name => new Promise((resolve, reject) => {
      const script = document.createElement("script")
      script.src = new URL(`assets/${name}`, root)
      script.onload = resolve
      script.onerror = () => reject(new Error(`no ${name}`))
      document.head.append(script)
    }))).then(() => new dlrefSearchRank.Search(index)).catch(error => { ready = undefined; throw error })
    return ready
  }
  let index
  window.dlrefSearchIndex = data => (index = data)

  async function answer() {
    const query = input.value.trim()
    if (!query) return show("Type to start searching", [])
    try {
      const search = await load()
      if (query === input.value.trim()) result(search.find(input.value), query)
    } catch (error) {
      show("The search could not be loaded. Are you offline?", [])
      console.error(error)
    }
  }

  function result({ hits, all, missing, nearest }, query) {
    const count = `${hits.length > SHOWN ? `The best ${SHOWN} of ${hits.length}` : hits.length} section${hits.length === 1 ? "" : "s"}`
    const without = missing.map(word => `“${word}”`).join(", ")
    const said = !hits.length ? `Nothing found for “${query}”.${nearest.length ? " Nearest terms:" : ""}`
      : missing.length ? `Nothing has ${without}. ${count} without it:`
      : all ? count : `No section has all these words. ${count} with most of them:`
    show(said, [...nearest.map(term), ...hits.slice(0, SHOWN).map(item)])
  }

  function show(said, items) {
    meta.textContent = said
    list.replaceChildren(...items)
    wrap.scrollTop = 0
  }

  function element(tag, className, ...children) {
    const made = document.createElement(tag)
    made.className = className
    made.append(...children)
    return made
  }

  function item({ section, terms }) {
    const title = element("h2", "", ...marked(section.title, terms))
    const where = section.page === section.title ? [] : [element("p", "search-page", section.page)]
    const article = element("article", "md-search-result__article md-typeset", title, ...where, element("p", "", ...marked(snippet(section, terms), terms)))
    const link = element("a", "md-search-result__link", article)
    link.href = new URL(section.address, root)
    link.tabIndex = -1
    return element("li", "md-search-result__item", link)
  }

  function term(name) {
    const button = element("button", "search-term", name)
    Object.assign(button, { type: "button", tabIndex: -1, onclick: () => { input.value = name; input.focus(); answer() } })
    return element("li", "md-search-result__item", button)
  }

  // A text with the words that were found in it set off.
  function marked(text, terms) {
    const pieces = []
    let end = 0
    for (const { index, 0: run } of text.matchAll(dlrefSearchRank.RUN)) {
      const { whole, parts } = dlrefSearchRank.parts(run)
      if (!terms.has(whole) && !parts.some(part => terms.has(part))) continue
      pieces.push(text.slice(end, index), element("mark", "", run))
      end = index + run.length
    }
    return [...pieces, text.slice(end)]
  }

  // About two lines of a section, from where most of the words stand together.
  function snippet({ text, code }, terms) {
    const from = [text, code.replace(/\s+/g, " ")].map(whole => ({ whole, ...densest(whole, terms) }))
    const { whole, start } = from[1].count > from[0].count || !text ? from[1] : from[0]
    const begin = start < 40 ? 0 : whole.lastIndexOf(" ", start - 30) + 1
    const end = begin + 170 < whole.length ? whole.lastIndexOf(" ", begin + 170) : whole.length
    return `${begin ? "… " : ""}${whole.slice(begin, end).replace(/^[·\s]+/, "")}${end < whole.length ? " …" : ""}`
  }

  function densest(text, terms) {
    const found = [...text.matchAll(dlrefSearchRank.RUN)].flatMap(({ index, 0: run }) => {
      const { whole, parts } = dlrefSearchRank.parts(run)
      const said = [whole, ...parts].find(word => terms.has(word))
      return said ? [{ index, said }] : []
    })
    let best = { start: 0, count: 0 }
    found.forEach(({ index }, i) => {
      const near = new Set()
      for (let j = i; j < found.length && found[j].index < index + 140; j++) near.add(found[j].said)
      if (near.size > best.count) best = { start: index, count: near.size }
    })
    return best
  }

  function open(opened) {
    if (toggle.checked !== opened) toggle.click()
    if (!opened) input.blur()
  }

  // Where a button opens the search, Tab passes by the input: what has the focus opens, and an open search locks the page.
  function reach() {
    input.tabIndex = toggle.checked || !opener.checkVisibility() ? 0 : -1
  }

  reach()
  addEventListener("resize", reach)
  opener.addEventListener("click", () => { open(true); input.focus() })
  input.addEventListener("focus", () => { open(true); load().catch(() => {}) })
  toggle.addEventListener("change", () => { toggle.checked || input.blur(); reach() })
  input.addEventListener("input", answer)
  form.addEventListener("reset", () => { setTimeout(answer); input.focus() })
  form.addEventListener("submit", event => event.preventDefault())

  // The theme's keys: / s f open it; arrows walk the results, Enter follows the first or the chosen, Esc and Tab leave.
  addEventListener("keydown", event => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const active = document.activeElement
    if (!toggle.checked) {
      if (active.matches("input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]")) return
      if (!["/", "s", "f"].includes(event.key)) return
      input.focus()
      input.select()
      event.preventDefault()
    } else if (event.key === "Escape" || event.key === "Tab") {
      open(false)
      if (event.key === "Escape" && opener.checkVisibility()) opener.focus()
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = [input, ...links()]
      const step = event.key === "ArrowDown" ? 1 : all.length - 1
      all[(Math.max(0, all.indexOf(active)) + step) % all.length].focus()
      event.preventDefault()
    } else if (event.key === "Enter" && active === input) {
      links()[0]?.click()
      event.preventDefault()
    } else if (active !== input && event.key.length === 1 && event.key !== " ") input.focus()
  })
  // A hit on this very page is gone to, and the search is closed.
  list.addEventListener("click", event => event.target.closest("a") && open(false))

  // An address that ends in ?q=… asks.
  const asked = new URLSearchParams(location.search).get("q")
  // The theme closes its search while it starts.
  if (asked) addEventListener("load", () => setTimeout(() => {
    input.value = asked
    input.focus()
    answer()
  }))
}
