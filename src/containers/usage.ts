import type Docker from 'dockerode'
import type { Usage } from '../domain/pulse.ts'

/** The parts of the engine's answer that are used; all may be missing, as where a control group does not count them. */
type Stats = {
  cpu_stats?: { cpu_usage?: { total_usage?: number } } | null
  blkio_stats?: { io_service_bytes_recursive?: { value?: number }[] | null } | null
  networks?: Record<string, { rx_bytes?: number; tx_bytes?: number }> | null
}

const sum = (numbers: readonly (number | undefined)[]) =>
  numbers.reduce<number>((total, each) => total + (each ?? 0), 0)

/** What the engine's statistics of a container say; null of one that does not run. Pure. */
export function toUsage(stats: Docker.ContainerStats | Stats | null): Usage | null {
  const { cpu_stats: cpu, blkio_stats: blocks, networks } = (stats ?? {}) as Stats
  // In nanoseconds.
  const used = cpu?.cpu_usage?.total_usage
  if (!used) return null
  const disk = sum((blocks?.io_service_bytes_recursive ?? []).map(({ value }) => value))
  const network = sum(Object.values(networks ?? {}).flatMap((one) => [one.rx_bytes, one.tx_bytes]))
  return { cpuMs: used / 1e6, ioBytes: disk + network }
}
