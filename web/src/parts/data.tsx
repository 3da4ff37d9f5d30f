import type { RunView } from '../../../src/http/contract.ts'
import { formatBytes, plural } from '../format.ts'
import { Card } from './basics.tsx'

/** What the run's data sets were, and whether they are still those of the run before. */
export function DataSets({ run }: { run: RunView }) {
  if (run.data.length === 0) return null
  return (
    <Card title="Data">
      <ul className="files">
        {run.data.map(({ path, source, files, bytes, unreadable, content, change, said }) => (
          <li key={path}>
            <code>{path}</code>{' '}
            <span className="dim small">
              {source}, {plural(files, 'file')}, {formatBytes(bytes)}, fingerprint{' '}
              <code title={content}>{content.slice(0, 12)}</code>
              {change?.kind === 'same' ? `, the same as in run ${change.run}` : ''}
            </span>
            {said === '' ? null : (
              <div className="notice" data-tone={change?.kind === 'changed' ? 'warn' : undefined}>
                <p>{said.charAt(0).toUpperCase() + said.slice(1)}.</p>
              </div>
            )}
            {unreadable === 0 ? null : (
              <div className="notice" data-tone="warn">
                <p>{plural(unreadable, 'file')} cannot be read by the training: it runs as user 1000.</p>
              </div>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}
