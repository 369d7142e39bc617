// Sliders: fetch an exhibit's frames when a control is first touched, and show the frame that was asked for.
// One state for each parameter of a page; every control and every exhibit that has the parameter follows it.

const sets = new Map() // address → { counts, pool, rows, alts }
const loading = new Map() // address → a promise of its frames
const state = new Map() // parameter → index of its value

// Called by the frames' own files, which are scripts so that they also load from a disk.
window.dlrefFrames = ([address, counts, pool, rows, alts]) => sets.set(address, { counts, pool, rows, alts })

function load(exhibit) {
  const { exhibit: address, frames } = exhibit.dataset
  if (!loading.has(address)) {
    loading.set(address, new Promise((resolve, reject) => {
      const script = document.createElement("script")
      script.src = frames
      script.onload = () => resolve(sets.get(address))
      script.onerror = () => { loading.delete(address); reject(new Error(`no frames at ${frames}`)) }
      document.head.append(script)
    }))
  }
  return loading.get(address)
}

async function show(exhibit) {
  const { counts, pool, rows, alts } = await load(exhibit)
  const index = JSON.parse(exhibit.dataset.explores).reduce((sum, name, i) => sum * counts[i] + state.get(name), 0)
  const html = rows[index].map(line => pool[line]).join("\n")
  const image = exhibit.querySelector(".frame > img")
  if (image) {
    image.src = "data:image/svg+xml," + encodeURIComponent(html)
    image.alt = alts[index]
  } else (exhibit.querySelector(".frame") ?? exhibit).innerHTML = html
}

function choose(parameter, index) {
  state.set(parameter, index)
  for (const control of document.querySelectorAll(`.explore[data-parameter="${parameter}"]`)) follow(control, index)
  for (const exhibit of document.querySelectorAll("[data-explores]")) {
    if (JSON.parse(exhibit.dataset.explores).includes(parameter)) show(exhibit).catch(error => console.error(error))
  }
}

function follow(control, index) {
  const value = JSON.parse(control.dataset.values)[index]
  const slider = control.querySelector("[type=range]")
  if (!slider) return void (control.querySelectorAll("input")[index].checked = true)
  slider.value = index
  slider.setAttribute("aria-valuetext", value)
  control.querySelector("output").value = value
}

for (const control of document.querySelectorAll(".explore")) {
  const inputs = [...control.querySelectorAll("input")]
  // A browser may remember a choice from before a reload; the frame shown is the default.
  for (const input of inputs) input.checked = input.defaultChecked
  const chosen = () => Number(inputs.length > 1 ? inputs.find(input => input.checked).value : inputs[0].value)
  const { parameter } = control.dataset
  state.set(parameter, chosen())
  control.hidden = false
  control.addEventListener("input", () => choose(parameter, chosen()))
  // Fetch ahead as soon as the reader reaches for the control.
  const ahead = () => document.querySelectorAll("[data-explores]").forEach(exhibit => {
    if (JSON.parse(exhibit.dataset.explores).includes(parameter)) load(exhibit).catch(() => {})
  })
  for (const event of ["pointerenter", "focusin", "touchstart"]) control.addEventListener(event, ahead, { once: true, passive: true })
}

// Copy buttons: a block's code and nothing else. Signatures and sources in the reference are for reading.
for (const pre of document.querySelectorAll("article .highlight pre:has(> code)")) {
  if (pre.closest(".doc-signature, .mkdocstrings-source")) continue
  const button = document.createElement("button")
  Object.assign(button, { type: "button", className: "copy", textContent: "Copy" })
  button.addEventListener("click", async () => {
    const code = pre.querySelector("code")
    try {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = "Copied"
    } catch { // Over plain http, or where the browser says no: the reader's own key copies what is selected.
      getSelection().selectAllChildren(code)
      button.textContent = "Selected"
    }
    setTimeout(() => (button.textContent = "Copy"), 2000)
  })
  pre.after(button)
}

// Code and tables of text that are wider than their place are scrolled by keyboard. All widths are read before anything changes: one layout.
const codes = [...document.querySelectorAll("pre > code")]
const resized = new ResizeObserver(() => {
  const wide = codes.map(code => code.scrollWidth > code.clientWidth)
  codes.forEach((code, i) => wide[i] ? (code.tabIndex = 0) : code.removeAttribute("tabindex"))
})
for (const code of codes) resized.observe(code)
// The theme wraps tables of text in what scrolls once the page is there.
addEventListener("load", () => {
  const wraps = [...document.querySelectorAll(".md-typeset__scrollwrap")]
  codes.push(...wraps)
  for (const wrap of wraps) resized.observe(wrap)
})

// The theme opens the menu of a narrow window by a label, which no key reaches: make it a button.
for (const label of document.querySelectorAll(".md-header__button[for=__drawer]")) {
  const toggle = document.getElementById(label.htmlFor)
  const button = document.createElement("button")
  Object.assign(button, { type: "button", className: label.className, innerHTML: label.innerHTML, ariaLabel: "Menu" })
  button.setAttribute("for", label.htmlFor) // The theme's styles go by it.
  button.addEventListener("click", () => toggle.click())
  label.replaceWith(button)
  toggle.addEventListener("change", () => {
    const all = toggle.checked ? [...document.querySelectorAll(".md-sidebar--primary :is(a, label)")] : []
    all.find(e => e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))?.focus()
  })
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !toggle.checked) return
    toggle.click()
    button.focus()
  })
}
for (const label of document.querySelectorAll(".md-sidebar--primary label[for]")) label.tabIndex = 0

// The theme checks neither of its two colors until one is chosen: a key would then reach the one that is not shown.
const checkShown = () => {
  for (const option of document.querySelectorAll(".md-option")) option.checked = option.nextElementSibling?.hidden === false
}
addEventListener("load", checkShown)
