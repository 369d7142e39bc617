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

// A formula stands in the page twice, drawn and for screen readers; what is copied has its TeX, once.
document.addEventListener("copy", event => {
  const selection = getSelection()
  if (selection.isCollapsed) return
  const range = selection.getRangeAt(0)
  const whole = node => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement
    return element.closest(".katex-display") ?? element.closest(".katex")
  }
  // A formula of which a part is selected is copied whole.
  const [first, last] = [whole(range.startContainer), whole(range.endContainer)]
  if (first) range.setStartBefore(first)
  if (last) range.setEndAfter(last)
  const copied = document.createElement("div")
  copied.append(range.cloneContents())
  const formulas = copied.querySelectorAll(".katex")
  if (!formulas.length) return
  for (const formula of formulas) formula.replaceWith(texOf(formula))
  // Laid out, and out of sight, for a moment: only then has it its lines.
  copied.className = "copied md-typeset"
  document.body.append(copied)
  event.clipboardData.setData("text/plain", copied.innerText.trim())
  event.clipboardData.setData("text/html", copied.innerHTML)
  copied.remove()
  event.preventDefault()
})

function texOf(formula) {
  const sign = formula.closest(".katex-display") ? "$$" : "$"
  return sign + formula.querySelector("annotation").textContent.trim() + sign
}
