import type { DetectionView } from '../../../src/http/contract.ts'
import { formatNumber, formatValue } from '../format.ts'
import { Card } from './basics.tsx'

/** `0.0001 – 0.1, log`, `one of relu, tanh`. Pure. */
export function describeDistribution(distribution: Record<string, unknown>): string {
  const { type, low, high, log, choices } = distribution
  if (Array.isArray(choices)) return `one of ${choices.map(formatValue).join(', ')}`
  if (typeof low === 'number' && typeof high === 'number') {
    return `${formatNumber(low)} – ${formatNumber(high)}${type === 'int' ? ', whole' : ''}${log ? ', log' : ''}`
  }
  return JSON.stringify(distribution)
}

/** Why this framework and image, and what may be changed. */
export function Detection({ detection }: { detection: DetectionView }) {
  const { framework, entry, args, evidence, hyperparameters } = detection
  return (
    <div className="columns">
      <Card title={`Why ${framework}`}>
        <p>
          Runs <code>{['python', entry, ...args].join(' ')}</code> in the {framework} image, because of:
        </p>
        <ul className="evidence">
          {evidence.map(({ file, line, text, why }) => (
            <li key={`${file}:${line} ${why}`}>
              {why}{' '}
              <span className="dim small">
                {file}:{line}
              </span>
              <code>{text}</code>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Hyperparameters">
        <div className="scroll">
          <table>
            <thead>
              <tr>
                <th>Name</th>
                <th className="num">In your source</th>
                <th>May become</th>
              </tr>
            </thead>
            <tbody>
              {hyperparameters.map(({ name, file, line, value, distribution }) => (
                <tr key={name}>
                  <td>
                    <code>{name}</code>
                    <div className="dim small">
                      {file}:{line}
                    </div>
                  </td>
                  <td className="num">{formatValue(value)}</td>
                  <td className="wide">{describeDistribution(distribution)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  )
}
