// What the theme's widgets lack for those who use a keyboard, and after a reader comes back.

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
// A reader who comes back sees the page, not the menu or the search that led away from it.
addEventListener("pageshow", () => {
  for (const toggle of document.querySelectorAll("#__drawer:checked, #__search:checked")) toggle.click()
  checkShown()
})
