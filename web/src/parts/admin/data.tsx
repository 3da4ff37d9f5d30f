import type { CleanUpView, DataUseView } from '../../../../src/http/contract.ts'
import { postJson } from '../../api.ts'
import { formatBytes, plural } from '../../format.ts'
import { useGet } from '../../queries.ts'
import { ForAdmins } from '../../who.tsx'
import { Card, ErrorBox, Loaded, Time } from '../basics.tsx'
import { Backups } from './backups.tsx'
import { DiskBar } from './disk-bar.tsx'
import { useChange } from './use-change.ts'

const EVERY_MS = 30_000

function Use({ use }: { use: DataUseView }) {
  const total = use.parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const { diskShare } = use.retention
  return (
    <Card title="Disk use">
      <DiskBar what="The data folder's disk" disk={use.disks.data} share={diskShare} />
      <DiskBar what="The engine's disk" disk={use.disks.engine} share={diskShare} />
      <h3>In {use.folder}</h3>
      <table className="parts">
        <tbody>
          {use.parts.map(({ name, what, bytes }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="wide dim">{what}</td>
              <td className="num">{formatBytes(bytes)}</td>
            </tr>
          ))}
          <tr>
            <td className="strong">all</td>
            <td className="wide dim">
              looked at <Time at={use.at} />
            </td>
            <td className="num strong">{formatBytes(total)}</td>
          </tr>
        </tbody>
      </table>
    </Card>
  )
}

function Freed({ answer: { removed, failed, freedBytes, compacted } }: { answer: CleanUpView }) {
  const nothing = removed.length === 0 && compacted === 0 && failed.length === 0
  return (
    <div className="notice" data-tone={failed.length > 0 ? 'warn' : 'ok'} role="status">
      <p>
        <strong>
          {nothing
            ? 'There was nothing to clean up.'
            : `Removed ${plural(removed.length, 'thing')}, ${formatBytes(freedBytes)}.`}
        </strong>{' '}
        {compacted > 0 ? `Compressed what ${plural(compacted, 'run')} left.` : null}
      </p>
      {removed.length + failed.length > 0 ? (
        <details>
          <summary>What</summary>
          <ul>
            {removed.map(({ name, bytes, reason }) => (
              <li key={name}>
                {name}
                {bytes === null ? '' : `, ${formatBytes(bytes)}`}: {reason}
              </li>
            ))}
            {failed.map(({ name, why }) => (
              <li key={name} className="bad">
                {name}: {why}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}

function Retention({ retention: { runs, days, diskShare } }: Pick<DataUseView, 'retention'>) {
  const clean = useChange(() => postJson<CleanUpView>('/admin/data/clean-up'))
  return (
    <Card title="Retention">
      <p>
        What ended runs left is kept of the last <strong>{runs}</strong> runs of each project (
        <code>HONE_KEEP_RUNS</code>), for <strong>{days}</strong> days (<code>HONE_KEEP_DAYS</code>), and goes
        earlier while a disk is more than <strong>{Math.round(100 * diskShare)} %</strong> full (
        <code>HONE_DISK_SHARE</code>). Numbers, values and diffs of runs stay for good; so do a winner's
        files.
      </p>
      <ForAdmins>
        {clean.data === undefined || clean.isPending ? null : <Freed answer={clean.data} />}
        {clean.isError ? <ErrorBox error={clean.error} /> : null}
        <p>
          <button type="button" disabled={clean.isPending} onClick={() => clean.mutate()}>
            {clean.isPending ? 'Cleaning up…' : 'Clean up now'}
          </button>{' '}
          <span className="dim small">It happens by itself every hour.</span>
        </p>
      </ForAdmins>
    </Card>
  )
}

export function Data() {
  const use = useGet<DataUseView>(['admin', 'data'], '/admin/data', { every: EVERY_MS })
  return (
    <>
      <Loaded query={use}>
        {(found) => (
          <>
            <Use use={found} />
            <Retention retention={found.retention} />
          </>
        )}
      </Loaded>
      <ForAdmins>
        <Backups />
      </ForAdmins>
    </>
  )
}
