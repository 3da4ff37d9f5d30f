import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { BackupsView } from '../../../../src/http/contract.ts'
import { apiPath, getJson, postJson } from '../../api.ts'
import { formatBytes } from '../../format.ts'
import { Card, Empty, ErrorBox, Loaded, Time, Words } from '../basics.tsx'
import { useChange } from './use-change.ts'

const MAKING_EVERY_MS = 1_000

const Files = ({ files }: Pick<BackupsView, 'files'>) => (
  <ul className="backups">
    {files.map(({ name, bytes, madeAt }) => (
      <li key={name} className="row">
        <a href={apiPath(`/admin/backups/${encodeURIComponent(name)}`)} download={name}>
          {name}
        </a>
        <span>{formatBytes(bytes)}</span>
        <span className="dim small push">
          <Time at={madeAt} />
        </span>
      </li>
    ))}
  </ul>
)

/** Backups that were made here, and another one. */
export function Backups() {
  const backups = useQuery({
    queryKey: ['admin', 'backups'],
    queryFn: ({ signal }) => getJson<BackupsView>('/admin/backups', signal),
    refetchInterval: (query) => (query.state.data?.makingSince == null ? false : MAKING_EVERY_MS),
  })
  const client = useQueryClient()
  const isMaking = backups.data === undefined ? null : backups.data.makingSince !== null
  const wasMaking = useRef(isMaking)
  useEffect(() => {
    // Another one lies on the disk.
    if (wasMaking.current && isMaking === false)
      void client.invalidateQueries({ queryKey: ['admin', 'data'] })
    wasMaking.current = isMaking
  }, [client, isMaking])
  const make = useChange(() => postJson<BackupsView>('/admin/backups'))
  return (
    <Card title="Backup">
      <Loaded query={backups}>
        {({ folder, makingSince, failure, files }) => (
          <>
            <p className="dim">
              One file with the database, logs, files of trials and repositories, secrets among them: keep it
              where only you read it, on another disk. The last three stay in <code>{folder}</code>;{' '}
              <code>hone restore</code> puts one back.
            </p>
            {failure === null ? null : (
              <div className="notice" data-tone="bad" role="alert">
                <p>
                  <strong>
                    No backup: <Words text={failure.message} />
                  </strong>{' '}
                  <Words text={failure.remedy} />
                </p>
              </div>
            )}
            {files.length === 0 ? <Empty>None was made here yet.</Empty> : <Files files={files} />}
            {make.isError ? <ErrorBox error={make.error} /> : null}
            <p>
              <button
                type="button"
                disabled={makingSince !== null || make.isPending}
                onClick={() => make.mutate()}
              >
                {makingSince === null ? 'Back up now' : 'Backing up…'}
              </button>
            </p>
          </>
        )}
      </Loaded>
    </Card>
  )
}
