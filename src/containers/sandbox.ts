import type Docker from 'dockerode'
import { type ContainerSpec, TRAINING_USER } from './executor.ts'
import { requestFor } from './gpus.ts'

/** How much of a container's log the engine keeps on its disk: more than any attempt's log limit. */
const LOG_FILES = { 'max-size': '64m', 'max-file': '3' }

const logFiles = (bytes: number | undefined) =>
  bytes === undefined ? LOG_FILES : { 'max-size': String(bytes), 'max-file': '1' }

/**
 * How a container is made: untrusted code gets no privilege, no capability, and bounded memory, CPU, processes, log.
 * The container outlives Hone: nothing removes or restarts it but Hone itself.
 */
export function createOptions(spec: ContainerSpec): Docker.ContainerCreateOptions {
  return {
    name: spec.name,
    Image: spec.image,
    Entrypoint: [],
    Cmd: spec.command,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    WorkingDir: spec.workdir,
    User: `${TRAINING_USER.uid}:${TRAINING_USER.gid}`,
    Labels: spec.labels,
    Tty: false,
    NetworkDisabled: !spec.network,
    HostConfig: {
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      // An init process, so that SIGTERM has its effect and orphans are reaped.
      Init: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: spec.network ? 'bridge' : 'none',
      PidsLimit: spec.limits.pids,
      Memory: spec.limits.memoryBytes,
      // The same as Memory: no swap on top.
      MemorySwap: spec.limits.memoryBytes,
      NanoCpus: Math.round(spec.limits.cpus * 1e9),
      ShmSize: spec.limits.shmBytes,
      // No limit above the engine's own may be set; PidsLimit bounds processes.
      Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
      ...(spec.gpus?.length ? { DeviceRequests: [requestFor(spec.gpus)] } : {}),
      LogConfig: { Type: 'json-file', Config: logFiles(spec.limits.logBytes) },
      Mounts: [
        ...spec.volumes.map(({ name, path }) => ({ Type: 'volume' as const, Source: name, Target: path })),
        ...(spec.mounts ?? []).map(({ source, path }) => readOnly(source, path)),
      ],
    },
  }
}

export const isFolder = (source: string) => source.startsWith('/')

function readOnly(source: string, path: string): Docker.MountSettings {
  const mount = { Source: source, Target: path, ReadOnly: true }
  // An empty volume stays empty: the engine would fill it with what the image has there.
  return isFolder(source)
    ? { ...mount, Type: 'bind' }
    : { ...mount, Type: 'volume', VolumeOptions: { NoCopy: true } as Docker.MountSettings['VolumeOptions'] }
}
