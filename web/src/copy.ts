/** What became of a text that was to be copied; `selected`: it waits for Ctrl+C. */
export type CopyOutcome = 'copied' | 'selected' | 'refused'

function select(element: Element) {
  const range = document.createRange()
  range.selectNodeContents(element)
  const selection = getSelection()
  selection?.removeAllRanges()
  selection?.addRange(range)
}

/**
 * Puts a text on the clipboard. Browsers keep the clipboard from pages that come over plain HTTP from another machine:
 * there the text is copied out of the page, or left selected.
 * @param shown what shows the text; without it nothing can be selected
 */
export async function copy(text: string, shown?: Element | null): Promise<CopyOutcome> {
  try {
    // Undefined where the page is not secure, whatever the type says.
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    if (!shown) return 'refused'
    select(shown)
    return document.execCommand('copy') ? 'copied' : 'selected'
  }
}
