export interface LegendItem {
  /** Shape and colour: `data-mark` carries it for styles. */
  mark: 'trial' | 'seed' | 'pruned' | 'best' | 'running' | 'selected' | 'other' | 'faded' | 'target'
  text: string
}

/** What the marks of a chart mean. */
export const Legend = ({ of }: { of: readonly LegendItem[] }) => (
  <figcaption className="legend">
    {of.map(({ mark, text }) => (
      <span key={mark} data-mark={mark}>
        {text}
      </span>
    ))}
  </figcaption>
)
