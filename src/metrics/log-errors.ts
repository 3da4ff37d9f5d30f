/** Where a Python traceback begins, the exception it ends with, words of loggers and of what ends a process. */
const TRACEBACK = /^\s*Traceback \(most recent call last\):/
const EXCEPTION =
  /^\s*(?:(?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*)?(?:Error|Exception|Interrupt|Exit)|[\w./-]{1,200}: error)(?::\s|$)(?!\s*[-+]?\d)/
const LEVEL = /(?:^|[\s[|:])(?:ERROR|FATAL|CRITICAL)(?=[\s\]|:]|$)(?!\s*[:=]\s*[-+]?\d)/
const END =
  /^(?:Segmentation fault|Bus error|Aborted|Killed)(?: \(core dumped\))?$|^Fatal Python error: |^terminate called after |\bCUDA (?:error|out of memory)\b/i

/** Whether some lines together may hold an error; never says no wrongly. */
export const mayHoldErrors = (text: string): boolean =>
  /Traceback|Error|Exception|Interrupt|Exit|ERROR|FATAL|CRITICAL|fault|aborted|killed|terminate called|CUDA/i.test(
    text,
  )

/** Tells where errors begin. Lines have to come in order: a traceback counts once, at its heading. */
export function errorFinder(): (text: string) => boolean {
  let inTraceback = false
  return (text) => {
    if (TRACEBACK.test(text)) {
      const nested = inTraceback
      inTraceback = true
      return !nested
    }
    if (inTraceback) {
      // Frames and their source lines are indented; the exception is not.
      if (/^\s/.test(text) || text === '') return false
      inTraceback = false
      return false
    }
    return EXCEPTION.test(text) || LEVEL.test(text) || END.test(text)
  }
}
