import { type Spark, sparkOf } from '../../home.ts'

const percent = (value: number) => `${Math.round(value * 100) / 100}%`

const pathOf = (points: Spark['points']) =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('')

/** The best values of the last runs as a small line, with the target as a dashed one. */
export function Sparkline(props: {
  history: Parameters<typeof sparkOf>[0]
  goal: Parameters<typeof sparkOf>[1]
}) {
  const spark = sparkOf(props.history, props.goal)
  if (spark === null) return <div className="spark" />
  const { points, targetY, label } = spark
  return (
    <svg className="spark" role="img" aria-label={label}>
      <line className="spark-target" x1="0" x2="100%" y1={percent(targetY)} y2={percent(targetY)} />
      {/* Stretched to the width that there is; the points are not, so that they stay round. */}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={pathOf(points)} vectorEffect="non-scaling-stroke" />
      </svg>
      {points.map(({ id, x, y, met, title }, index) => (
        <circle
          key={id}
          data-met={met}
          cx={percent(x)}
          cy={percent(y)}
          r={index === points.length - 1 ? 3.5 : 2}
        >
          <title>{title}</title>
        </circle>
      ))}
    </svg>
  )
}
