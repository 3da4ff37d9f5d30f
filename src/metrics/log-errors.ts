/** Where a Python traceback begins, the exception it ends with, words of loggers and of what ends a process. */
const TRACEBACK = /^\s*Traceback \(most recent call last\):/
const EXCEPTION =
  /^\s*(?:(?:[A-Za-z_]\w*\.)*(?:[A-Z]\w*)?(?:Error|Exception|Interrupt|Exit)|[\w./-]{1,200}: error)(?::\s|$)(?!\s*[-+]?\d)/
const LEVEL = /(?:^|[\s[|:])(?:ERROR|FATAL|CRITICAL)(?=[\s\]|:]|$)(?!\s*[:=]\s*[-+]?\d)/
const END =
  /^(?:Segmentation fault|Bus error|Aborted|Killed)(?: \(core dumped\))?$|^Fatal Python error: |^terminate called after |\bCUDA (?:error|out of memory)\b/i

const WORDS =
  /Traceback|Error|Exception|Interrupt|Exit|ERROR|FATAL|CRITICAL|fault|aborted|killed|terminate called|CUDA/i

/** Tells where errors begin. Lines have to come in order: a traceback counts once, at its heading. */
export interface ErrorFinder {
  /**
   * Whether some lines together, the next to come, may hold an error or the end of a traceback; never says no wrongly.
   * They may be left out where it says no.
   */
  mayHold(text: string): boolean
  isError(text: string): boolean
}

export function errorFinder(): ErrorFinder {
  let inTraceback = false
  return {
    mayHold: (text) => inTraceback || WORDS.test(text),
    isError(text) {
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
    },
  }
}
