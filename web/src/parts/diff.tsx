import { type DiffLine, parseDiff } from '../diff-lines.ts'

function Marked({ line: { text, changed } }: { line: DiffLine }) {
  if (changed === null || changed[0] === changed[1]) return <>{text || ' '}</>
  return (
    <>
      {text.slice(0, changed[0])}
      <mark>{text.slice(...changed)}</mark>
      {text.slice(changed[1])}
    </>
  )
}

export function Diff({ diff }: { diff: string }) {
  return (
    <figure aria-label="Diff">
      <pre className="code diff">
        {parseDiff(diff).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one diff never change their order
          <span key={index} data-kind={line.kind}>
            <Marked line={line} />
          </span>
        ))}
      </pre>
    </figure>
  )
}
