import { type ReactNode, useId, useMemo } from 'react'
import type { HyperparameterView, OutlookView } from '../../../src/http/contract.ts'
import { hyperparameterAt, type Known, knownOf, knownWords } from '../code/known.ts'
import { blocksOf, type CodeFile, type CodeLine, filesOf, piecesOf } from '../code/lines.ts'
import { pointingAt, useIsHighlighted } from '../highlight.ts'
import { Hint, type Hinted, useHint } from './hint.tsx'
import './code.css'

interface Props {
  diff: string
  /** Side by side, or one under the other. */
  split: boolean
  hyperparameters: readonly HyperparameterView[]
  importance: OutlookView['importance']
}

/** What a changed part of a line is known as; null where it is none of the hyperparameters. */
type Explain = (line: CodeLine, start: number, text: string) => Known | null

/** A patch in colours, with what the search knows of each number that it changes. All of it is text. */
export default function CodeDiff({ diff, split, hyperparameters, importance }: Props) {
  const files = useMemo(() => filesOf(diff), [diff])
  const hint = useHint()
  return (
    <figure className="diff" aria-label="Diff" data-split={split}>
      {files.map((file, index) => {
        const explain: Explain = (line, start, text) => {
          const found = hyperparameterAt(hyperparameters, { file: file.path, line: line.from, start, text })
          return found && knownOf(found, importance)
        }
        // biome-ignore lint/suspicious/noArrayIndexKey: the files of one diff never change their order
        return <File key={index} file={file} split={split} explain={explain} hinted={hint.on} />
      })}
      <Hint of={hint.shown} />
    </figure>
  )
}

interface FileProps {
  file: CodeFile
  split: boolean
  explain: Explain
  hinted: Hinted
}

/** The language is Python where nothing says otherwise. */
const isPython = (path: string) => path === '' || /\.(py|pyi|ipynb)$/.test(path)

function File({ file, split, ...rest }: FileProps) {
  return (
    <div className="diff-file" data-plain={!isPython(file.path)}>
      {file.path === '' ? null : <p className="diff-path">{file.path}</p>}
      {file.notes.map((note) => (
        <p key={note} className="dim small">
          {note}
        </p>
      ))}
      {file.hunks.map(({ head, lines }) => (
        <div key={head}>
          {head === '' ? null : <p className="diff-hunk">{head}</p>}
          {split ? <Split lines={lines} {...rest} /> : <Unified lines={lines} {...rest} />}
        </div>
      ))}
    </div>
  )
}

interface LinesProps {
  lines: readonly CodeLine[]
  explain: Explain
  hinted: Hinted
}

const keyOf = ({ kind, before, after }: CodeLine) => `${kind} ${before} ${after}`

const Unified = ({ lines, ...rest }: LinesProps) => (
  <pre className="code lines">
    {lines.map((line) => (
      <Line key={keyOf(line)} line={line} numbers {...rest} />
    ))}
  </pre>
)

/** Each row has what was removed on the left, and what came in its place on the right. */
function Split({ lines, ...rest }: LinesProps) {
  return (
    <div className="code split">
      {blocksOf(lines).flatMap(({ same, removed, added }) => {
        if (same) {
          return [
            <Line key={`l${keyOf(same)}`} line={same} number={same.before} {...rest} />,
            <Line key={`r${keyOf(same)}`} line={same} number={same.after} {...rest} />,
          ]
        }
        return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => {
          const [old, fresh] = [removed[index], added[index]]
          const row = `${keyOf((old ?? fresh) as CodeLine)}`
          return [
            old ? (
              <Line key={`l${row}`} line={old} number={old.before} {...rest} />
            ) : (
              <span key={`l${row}`} data-kind="none" />
            ),
            fresh ? (
              <Line key={`r${row}`} line={fresh} number={fresh.after} {...rest} />
            ) : (
              <span key={`r${row}`} data-kind="none" />
            ),
          ]
        })
      })}
    </div>
  )
}

interface LineProps extends Omit<LinesProps, 'lines'> {
  line: CodeLine
  /** Both numbers of the line, or the one. */
  numbers?: boolean
  number?: number | null
}

const SIGN = { add: '+', del: '-', same: ' ' }

function Line({ line, numbers = false, number = null, explain, hinted }: LineProps) {
  const id = useId()
  const pieces = piecesOf(line)
  const knownAt = (start: number) =>
    explain(
      line,
      start,
      pieces
        .filter(({ mark }) => mark === start)
        .map(({ text }) => text)
        .join(''),
    )
  const known = pieces.map(({ mark }) => (mark === null ? null : knownAt(mark)))
  return (
    <span
      data-kind={line.kind}
      data-before={(numbers ? line.before : number) ?? ''}
      data-after={numbers ? (line.after ?? '') : undefined}
    >
      {SIGN[line.kind]}
      {pieces.map(({ text, kind, mark }, index) =>
        mark === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one line never change their order
          <span key={index} data-token={kind}>
            {text}
          </span>
        ) : (
          <Mark
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one line never change their order
            key={index}
            text={text}
            kind={kind}
            about={known[index] ? { id: `${id}${index}`, known: known[index] } : null}
            hinted={hinted}
          />
        ),
      )}
      {known.map((about, index) =>
        about ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one line never change their order
          <span key={index} id={`${id}${index}`} hidden>
            {knownWords(about)}
          </span>
        ) : null,
      )}
    </span>
  )
}

interface MarkProps {
  text: string
  kind: string
  /** What the search knows of it, and the element that says so. */
  about: { id: string; known: Known } | null
  hinted: Hinted
}

/** A changed part; one that the search knows says so on hover, on focus, and to a screen reader. */
function Mark({ text, kind, about, hinted }: MarkProps) {
  const mark = <mark data-token={kind}>{text}</mark>
  return about === null ? (
    mark
  ) : (
    <KnownMark {...about} hinted={hinted}>
      {mark}
    </KnownMark>
  )
}

interface KnownProps {
  id: string
  known: Known
  hinted: Hinted
  children: ReactNode
}

function KnownMark({ id, known, hinted, children }: KnownProps) {
  const hint = hinted(knownWords(known))
  const pointing = pointingAt('parameter', known.name)
  return (
    <button
      type="button"
      className="known"
      aria-describedby={id}
      data-highlight={useIsHighlighted('parameter', known.name)}
      {...hint}
      {...pointing}
      onFocus={(event) => {
        hint.onFocus(event)
        pointing.onFocus()
      }}
      onBlur={() => {
        hint.onBlur()
        pointing.onBlur()
      }}
    >
      {children}
    </button>
  )
}
