// Sliders: fetch an exhibit's frames when a control is first touched, and show the frame that was asked for, with all
// that belongs to it: its alt text, the code that gives it, its files.
// One state for each parameter of a page; every control and every exhibit that has the parameter follows it.

const sets = new Map() // address → frames
const loading = new Map() // address → a promise of its frames
const state = new Map() // parameter → index of its value

// Called by the frames' own files, which are scripts so that they also load from a disk.
window.dlrefFrames = frames => sets.set(frames.address, frames)

const exploring = parameter =>
  [...document.querySelectorAll("[data-explores]")].filter(exhibit => explored(exhibit).includes(parameter))
const explored = exhibit => JSON.parse(exhibit.dataset.explores)
const controls = parameter => document.querySelectorAll(`.explore[data-parameter="${parameter}"]`)
const valueOf = parameter => JSON.parse(controls(parameter)[0].dataset.values)[state.get(parameter)]

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
  const { counts, pool, rows, labels, calls, tables, pictures } = await load(exhibit)
  const index = explored(exhibit).reduce((sum, name, i) => sum * counts[i] + state.get(name), 0)
  const html = rows[index].map(line => pool[line]).join("\n")
  const drawing = exhibit.querySelector(".drawing")
  if (drawing) drawing.replaceWith(placed(html, drawing, exhibit, pictures?.[index]))
  else (exhibit.querySelector(".frame") ?? exhibit).innerHTML = html
  if (labels?.[index]) (exhibit.querySelector(".drawing") ?? exhibit).setAttribute("aria-label", labels[index])
  // A number's code is in what it opens.
  const code = exhibit.popoverTargetElement ?? exhibit
  code.querySelector(".call").innerHTML = calls[index]
  offer(exhibit, drawing ? html : tables?.[index])
}

// A drawing as a part of the page, in the place of the one before: what `dlref.site.figures` does when the site is built.
function placed(svg, before, exhibit, pictures = []) {
  const name = `${exhibit.dataset.exhibit.split(".").pop()}-`
  const files = pictures.map(file => exhibit.dataset.frames.replace(/assets\/exhibits\/[^/]*$/, file))
  const holder = document.createElement("div")
  holder.innerHTML = svg
    .replace(/data:image\/png[^"]*/g, () => files.shift())
    .replace(/#([0-9a-f]{6})\b(?=")/g, "var(--c$1)")
    .replace(/ id="|(xlink:href="|url\()#/g, start => start + name)
  const drawing = holder.firstElementChild
  for (const attribute of ["class", "role", "width", "height"]) drawing.setAttribute(attribute, before.getAttribute(attribute))
  return drawing
}

// The links of an exhibit give what is shown. A PNG is drawn when it is asked for.
function offer(exhibit, text) {
  const values = explored(exhibit).map(name => `${name}-${valueOf(name)}`)
  const stem = [exhibit.dataset.exhibit.split(".").pop(), ...values].join("-").replace(/[^\w.-]+/g, "_")
  for (const link of exhibit.querySelectorAll(".about > a[download]")) {
    const kind = link.textContent
    if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href)
    link.download = `${stem}.${kind.toLowerCase()}`
    link.onclick = null
    if (kind === "PNG") {
      link.href = `#${exhibit.id}`
      link.onclick = event => { event.preventDefault(); savePicture(text, link) }
    } else link.href = URL.createObjectURL(new Blob([text], { type: kind === "SVG" ? "image/svg+xml" : "text/csv" }))
  }
}

async function savePicture(svg, link) {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }))
  try {
    await image.decode()
  } catch { // A policy of the server's that forbids it; the SVG stays.
    link.hidden = true
    return
  }
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * image.width, height: 2 * image.height })
  const pen = canvas.getContext("2d")
  pen.fillStyle = "#fdfdfb"
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(image, 0, 0, canvas.width, canvas.height)
  const file = document.createElement("a")
  file.href = canvas.toDataURL()
  file.download = link.download
  file.click()
  URL.revokeObjectURL(image.src)
}

function choose(parameter, index) {
  state.set(parameter, index)
  for (const control of controls(parameter)) follow(control, index)
  for (const exhibit of exploring(parameter)) show(exhibit).catch(error => console.error(error))
}

function follow(control, index) {
  const value = JSON.parse(control.dataset.values)[index]
  const slider = control.querySelector("[type=range]")
  if (!slider) return void (control.querySelectorAll("input")[index].checked = true)
  slider.value = index
  slider.setAttribute("aria-valuetext", value)
  control.querySelector("output").value = value
}

function chosen(control) {
  const inputs = [...control.querySelectorAll("input")]
  return Number((inputs.length > 1 ? inputs.find(input => input.checked) : inputs[0]).value)
}

for (const control of document.querySelectorAll(".explore")) {
  const { parameter } = control.dataset
  state.set(parameter, Number((control.querySelector("[checked]") ?? control.querySelector("input")).getAttribute("value")))
  control.hidden = false
  control.addEventListener("input", () => choose(parameter, chosen(control)))
  // Fetch ahead as soon as the reader reaches for the control.
  const ahead = () => exploring(parameter).forEach(exhibit => load(exhibit).catch(() => {}))
  for (const event of ["pointerenter", "focusin", "touchstart"]) control.addEventListener(event, ahead, { once: true, passive: true })
}

// A browser may remember a choice from before a reload, or from before the reader came back: what is shown follows it.
addEventListener("pageshow", () => {
  for (const [parameter, index] of state) {
    const restored = [...controls(parameter)].map(chosen).find(other => other !== index)
    if (restored !== undefined) choose(parameter, restored)
  }
})
