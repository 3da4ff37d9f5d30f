import { formatBytes } from '../../format.ts'

interface Props {
  what: string
  disk: { total: number; free: number } | null
  /** Of the disk, 0 .. 1: above it Hone cleans up earlier. */
  share: number
}

/** How full a disk is, as a bar and in words. */
export function DiskBar({ what, disk, share }: Props) {
  if (disk === null)
    return <p className="dim">{what}: not known here, as where the engine runs on another machine.</p>
  const used = disk.total === 0 ? 0 : (disk.total - disk.free) / disk.total
  const tone = used >= share ? 'bad' : used >= 0.85 * share ? 'warn' : undefined
  return (
    <div className="used">
      <div className="row">
        <span className="strong">{what}</span>
        <span className="dim">
          {formatBytes(disk.total - disk.free)} of {formatBytes(disk.total)} used, {formatBytes(disk.free)}{' '}
          free
        </span>
      </div>
      <div className="bar">
        <span data-tone={tone} style={{ width: `${Math.round(100 * used)}%` }} />
      </div>
    </div>
  )
}
