// Which sections answer a query, and in which order. MiniSearch finds words and weighs them; this says what must be found.
// Loaded with the index when a reader turns to the search: `search.js`.
"use strict";
{
  const fold = text => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss")
  const RUN = /[\p{L}\p{N}_]+(?:[-.'’][\p{L}\p{N}_]+)*/gu

  // Words that differ in their ending only are one: losses and loss, training and trained, optimiser and optimizer.
  const stems = new Map()
  function stem(word) {
    if (!stems.has(word)) stems.set(word, cut(word))
    return stems.get(word)
  }
  function cut(word) {
    if (word.length < 4 || !/^[a-z]+$/.test(word)) return word
    let cut = word.replace(/is(e|ed|er|ers|es|ing|ation)$/, "iz$1").replace(/our$/, "or")
    if (/ies$/.test(cut) && cut.length > 4) cut = cut.slice(0, -3) + "y"
    else if (/(ss|sh|ch|x|zz)es$/.test(cut)) cut = cut.slice(0, -2)
    else if (/[^sui]s$/.test(cut)) cut = cut.slice(0, -1)
    const bare = cut.replace(/(ing|ed)$/, "")
    if (bare !== cut && bare.length > 2 && /[aeiouy]/.test(bare) && !/eed$/.test(cut)) {
      cut = /([^aeiouls])\1$/.test(bare) ? bare.slice(0, -1) : bare
    }
    return cut.length > 4 ? cut.replace(/e$/, "") : cut
  }

  const STOP = new Set(("a about after all also am an and any are as at be because been before between by can cannot could did do does doing " +
    "don for from get gets give given got had has have having he her here how i if in into is it its just like make me many more most much my need " +
    "no not of off on once only or other our out over own please same should show so some such than that the their them then there these " +
    "they this those to too under until up use used uses using very via vs versus want was way we were what whats when where which while " +
    "who why will with without work works would you your difference explain explained meaning definition define example examples tutorial " +
    "aber als am an auf aus bei beim bis das dass dem den der des die durch ein eine einem einen einer eines er es fur hat ich " +
    "ihr im ist kann man mein mich mit muss nach nicht oder sich sie sind uber um und unter vom von vor wann warum was wenn wer wie " +
    "wird wo zu zum zur zwischen unterschied bedeutet").split(" ").map(stem))

  // A run of letters may be one word or several: cross-entropy, torch.optim.Adam, from_numpy, DataLoader.
  function parts(run) {
    const whole = fold(run).toLowerCase()
    if (/^[\d.]+$/.test(whole)) return { whole, written: run, parts: [whole] }
    const pieces = fold(run).split(/[-._'’]+/).filter(Boolean).flatMap(piece => {
      const camel = piece.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
      return camel.every(one => one.length > 2) ? camel : [piece]
    })
    return { whole: stem(whole.replace(/[-._'’]+/g, "")), written: run, parts: pieces.map(piece => stem(piece.toLowerCase())) }
  }
  const runs = text => (text.match(RUN) ?? []).map(parts)
  const words = text => runs(text).flatMap(run => run.parts)
  const heavy = text => words(text).filter(word => !STOP.has(word))
  const tokens = text => runs(text).flatMap(run => run.parts.length > 1 ? [...run.parts, run.whole] : run.parts)

  const BOOST = { title: 5, terms: 5, leads: 2.5, page: 2, text: 1, code: 0.5 }

  class Search {
    constructor({ pages, sections }) {
      this.sections = sections.map(([number, anchor, title, text, code, leads, terms], id) => {
        const [address, page, weight] = pages[number]
        const names = [title, ...terms, ...leads].map(name => [new Set(named(name)), new Set(words(name)), ` ${words(name).join(" ")} `])
        const said = [title, page, ...terms, ...leads, text, code].map(part => ` ${words(part).join(" ")} `).join("|")
        return { id, address: `${address}#${anchor}`, title, page, text, code, leads: leads.join(" · "), terms: terms.join(" · "), weight, names, said }
      })
      this.mini = new MiniSearch({
        fields: Object.keys(BOOST), tokenize: tokens, processTerm: term => STOP.has(term) ? null : term,
        searchOptions: { boost: BOOST, tokenize: text => [text], processTerm: term => term },
      })
      this.mini.addAll(this.sections)
      this.titles = sections.flatMap(([, , title, , , , terms]) => [title, ...terms])
    }

    ask(term, options) {
      return this.mini.search(term, options)
    }

    // What one word of a query may mean: itself; while it is typed what begins with it; else what is nearly written so.
    alternatives(word, last, alone = false) {
      const exact = this.ask(word)
      if (exact.length) return last && word.length > 2 ? [...exact, ...this.ask(word, { prefix: true, boost: lower(0.1) })] : exact
      const begun = word.length > 2 || alone ? this.ask(word, { prefix: true, boost: lower(0.5) }) : []
      if (begun.length) return begun
      for (let cut = 3; cut <= word.length - 3; cut++) {
        const both = this.together([stem(word.slice(0, cut)), stem(word.slice(cut))])
        if (both.length) return both
      }
      for (const fuzzy of word.length < 5 || /\d/.test(word) ? [] : word.length < 7 ? [1] : [1, 2]) {
        const near = this.ask(word, { fuzzy, boost: lower(0.5) })
        if (near.length) return near
      }
      return []
    }

    // The sections with all of these words.
    together(all) {
      const found = all.map(word => new Map(this.ask(word).map(hit => [hit.id, hit])))
      return [...found[0].values()].filter(hit => found.every(one => one.has(hit.id)))
        .map(hit => ({ ...hit, score: found.reduce((sum, one) => sum + one.get(hit.id).score, 0), terms: all }))
    }

    // For each word of the query: which sections have it, how well, and how rare it is.
    units(query) {
      const all = this.joined(runs(query))
      const heavy = all.filter(run => run.parts.some(part => !STOP.has(part)))
      const asked = heavy.length ? heavy : all.slice(-1)
      return asked.map((run, i) => {
        const last = i === asked.length - 1 && !/\s$/.test(query)
        const single = run.parts.length === 1
        const hits = single ? this.alternatives(run.whole, last, asked.length === 1) : [...this.ask(run.whole), ...this.together(run.parts.filter(part => !STOP.has(part)))]
        if (!single && !hits.length) hits.push(...run.parts.flatMap(part => this.alternatives(part, false)))
        for (const [a, b] of [[i - 1, i], [i, i + 1]]) {
          if (asked[a] && asked[b] && single) hits.push(...this.ask(stem(asked[a].whole + asked[b].whole)))
        }
        const found = new Map()
        for (const hit of hits) {
          const before = found.get(hit.id)
          found.set(hit.id, { score: Math.max(hit.score, before?.score ?? 0), terms: [...hit.terms, ...(before?.terms ?? [])] })
        }
        const rare = found.size && Math.log(1 + this.sections.length / found.size)
        return { word: run.whole, found, weight: /^\d+$/.test(run.whole) ? 0.2 * rare : rare }
      })
    }

    // Two words that the site writes as one, where one of them would not count: "over fitting", "no grad".
    joined(all) {
      const out = []
      for (const run of all) {
        const before = out.at(-1), both = before && stem(before.whole + run.whole)
        const light = before && (STOP.has(before.whole) !== STOP.has(run.whole))
        if (light && this.ask(both).length) out.splice(-1, 1, { whole: both, written: both, parts: [both] })
        else out.push(run)
      }
      return out
    }

    find(query) {
      const quoted = [...query.matchAll(/["“”„«»]([^"“”„«»]+)["“”„«»]/g)].map(match => ` ${words(match[1]).join(" ")} `)
      const units = this.units(query)
      const known = units.filter(unit => unit.found.size)
      const asked = [new Set(named(query)), new Set(words(query))]
      const spoken = ` ${words(query).join(" ")} `
      const pairs = heavy(query).map((word, i, all) => ` ${all[i - 1]} ${word} `).slice(1)
      const whole = known.reduce((sum, unit) => sum + unit.weight, 0)
      const own = /\bdlref\b/.test(query)
      let hits = this.sections.filter(section => quoted.every(phrase => section.said.includes(phrase))).map(section => {
        const matched = known.filter(unit => unit.found.has(section.id))
        const share = matched.reduce((sum, unit) => sum + unit.weight, 0) / (whole || 1)
        const score = matched.reduce((sum, unit) => sum + unit.found.get(section.id).score, 0)
        const terms = new Set(matched.flatMap(unit => unit.found.get(section.id).terms))
        const name = Math.max(...section.names.map(([few, all]) => 0.75 * overlap(few, asked[0]) + 0.25 * overlap(all, asked[1])))
        // How many words of the query are a name as they stand: "which loss function" in "which loss function should I use".
        const within = Math.max(0, ...section.names.filter(([few, , said]) => few.size && spoken.includes(said)).map(([, all]) => all.size))
        const beside = pairs.length ? pairs.filter(pair => section.said.includes(pair)).length / pairs.length : 0
        const weight = own ? 1 : section.weight
        return { section, share, terms, name, within, score: score ** 0.75 * share ** 3 * (1 + 4 * name ** 2) * (1 + 0.3 * within ** 2) * (1 + 1.5 * beside) * weight }
      }).filter(hit => hit.score > 0)
      // All words are required before any is dropped, except where most of a query names a section.
      const all = hits.some(hit => hit.share > 0.999)
      if (all) hits = hits.filter(hit => hit.share > 0.999 || hit.name > 0.55 || hit.within > 1)
      hits.sort((a, b) => b.score - a.score)
      const missing = units.filter(unit => !unit.found.size).map(unit => unit.word)
      return { hits, all, missing, nearest: hits.length && !missing.length ? [] : this.nearest(query) }
    }

    // The names of sections that are written most like a query.
    nearest(query) {
      const asked = trigrams(query)
      const rated = this.titles.map(name => ({ name, rate: overlap(trigrams(name), asked) })).filter(one => one.rate > 0.08)
      return [...new Set(rated.sort((a, b) => b.rate - a.rate).map(one => one.name))].slice(0, 5)
    }
  }

  // The words of a name. Where code writes several as one, that one counts too: BCELoss is not BCEWithLogitsLoss.
  function named(text) {
    const code = runs(text).filter(run => run.parts.length > 1 && !run.written.includes("-")).map(run => run.whole)
    return [...heavy(text), ...code]
  }
  const lower = factor => Object.fromEntries(Object.entries(BOOST).map(([name, boost]) => [name, boost * factor]))
  function overlap(one, other) {
    let both = 0
    for (const item of one) both += other.has(item)
    return both / (Math.max(one.size, other.size) || 1)
  }
  function trigrams(text) {
    const padded = `  ${fold(text).toLowerCase()} `
    return new Set(Array.from({ length: padded.length - 2 }, (_, i) => padded.slice(i, i + 3)))
  }

  globalThis.dlrefSearchRank = { Search, stem, parts, RUN }
}
