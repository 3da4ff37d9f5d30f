export interface LegendItem {
  /** Shape and colour: `data-mark` carries it for styles. */
  mark: 'trial' | 'seed' | 'pruned' | 'best' | 'running' | 'selected' | 'other' | 'faded' | 'target'
  text: string
}

/** The line of the target, in a chart and in its legend. */
export const TARGET_LINE = { stroke: 'var(--ok)', strokeWidth: 1.5, strokeDasharray: '5 4' } as const

const TargetMark = () => (
  <svg width="23" height="8" aria-hidden="true">
    <line x1="0" x2="23" y1="4" y2="4" {...TARGET_LINE} />
  </svg>
)

/** What the marks of a chart mean. */
export const Legend = ({ of }: { of: readonly LegendItem[] }) => (
  <figcaption className="legend">
    {of.map(({ mark, text }) => (
      <span key={mark} data-mark={mark}>
        {mark === 'target' ? <TargetMark /> : null}
        {text}
      </span>
    ))}
  </figcaption>
)
