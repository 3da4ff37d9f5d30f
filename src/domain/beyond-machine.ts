import type { FieldError } from './setting-errors.ts'
import { parseSize, type Settings } from './settings.ts'
import { type Capacity, exceeding } from './slots.ts'

export type SettingWarning = FieldError

/**
 * Settings that may be set, and that this machine cannot give: each with what it can, going on from the setting's name. Pure.
 * @param capacity null while the engine is away
 * @param parallel trainings at a time that `HONE_PARALLEL` allows
 */
export function beyondMachine(
  settings: Partial<Settings>,
  capacity: Capacity | null,
  parallel: number,
): SettingWarning[] {
  const memoryBytes = settings.memory === undefined ? null : parseSize(settings.memory)
  const wanted = {
    ...(memoryBytes === null ? {} : { memoryBytes }),
    ...(settings.cpus === undefined ? {} : { cpus: settings.cpus }),
    ...(settings.gpus === undefined ? {} : { gpus: settings.gpus }),
  }
  const tooMuch = capacity === null ? [] : exceeding(wanted, capacity)
  const lanes =
    settings.parallel === undefined || settings.parallel <= parallel
      ? []
      : [
          {
            field: 'parallel',
            message: `has no effect above ${parallel}: HONE_PARALLEL lets no more trainings go on at a time`,
          },
        ]
  return [
    ...tooMuch.map(({ setting, has }) => ({
      field: setting,
      message: `is more than the ${has} that trainings may have on this engine: a run with it fails`,
    })),
    ...lanes,
  ]
}
