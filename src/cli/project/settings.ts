import { changeSettings } from '../../chain/projects.ts'
import type { Config } from '../../config.ts'
import { userError } from '../../domain/failure.ts'
import { withoutPassword } from '../../domain/git-url.ts'
import { SETTING_FIELDS, type SettingField } from '../../domain/setting-fields.ts'
import { settingOf, settingText } from '../../domain/setting-text.ts'
import { SETTING_GROUPS } from '../../domain/setting-words.ts'
import type { Settings } from '../../domain/settings.ts'
import { publicUrl } from '../../main.ts'
import { onCommandLine } from '../record.ts'
import { style } from '../style.ts'
import { namedBy, withProject } from './open.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * Changes settings of a project, all or none.
 * @param assignments `trials=30`; with nothing behind the sign the setting goes back to its default
 * @returns all settings of the project then
 */
export function setSettings(config: Config, name: string, assignments: readonly string[]): Partial<Settings> {
  const change = Object.fromEntries(assignments.map(assignmentOf))
  return withProject(config, name, (store, project) => {
    const { settings } = namedBy(
      (setting) => `${setting}:`,
      () =>
        store.transaction(() => {
          const what = `${project.name}: ${Object.keys(change).join(', ')}`
          store.audit.append(onCommandLine('project changed', what))
          return changeSettings(store, project, change)
        }),
    )
    for (const setting of Object.keys(change)) {
      const field = SETTING_FIELDS.find((one) => one.name === setting) as SettingField
      console.log(`${setting} = ${valueText(field, settings)}`)
    }
    return settings
  })
}

function assignmentOf(text: string): [name: string, value: unknown] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw userError('bad-settings', `'${text}' sets nothing.`, 'Write it as NAME=VALUE, such as trials=30.')
  }
  if (value.trim() === '') return [name, null]
  const field = SETTING_FIELDS.find((one) => one.name === name)
  // An unknown name is refused with all others that are wrong.
  return [name, field ? settingOf(field, value) : value]
}

/** Prints a project with all its settings, those that are not set with their defaults. */
export function showProject(config: Config, name: string, { json }: { json?: boolean }): void {
  withProject(config, name, (_store, project) => {
    const url = publicUrl(config)
    const webhook = `${url}/webhooks/${project.name}`
    const repository = project.repoUrl === null ? null : withoutPassword(project.repoUrl)
    const remote = repository === null ? `${url}/git/${project.name}.git` : null
    if (json) {
      const defaults = Object.fromEntries(SETTING_FIELDS.map((field) => [field.name, field.default]))
      const { settings } = project
      console.log(
        JSON.stringify({ name: project.name, repository, webhook, gitRemote: remote, settings, defaults }),
      )
      return
    }
    console.log(`Project ${style.bold(project.name)}`)
    console.log(`  code     ${repository ?? remote}`)
    console.log(`  webhook  ${webhook}`)
    for (const group of SETTING_GROUPS) console.log(groupText(group, project.settings))
  })
}

function groupText(group: string, settings: Values): string {
  const fields = SETTING_FIELDS.filter((field) => field.group === group)
  const width = Math.max(...SETTING_FIELDS.map(({ name }) => name.length))
  const lines = fields.map((field) => `  ${field.name.padEnd(width)}  ${valueText(field, settings)}`)
  return `\n${style.bold(group)}\n${lines.join('\n')}`
}

/** `30 trainings`, or dim what holds while it is not set. */
function valueText({ name, default: fallback, unset, unit }: SettingField, settings: Values): string {
  const unitOf = (value: unknown) => (value === 1 ? unit?.replace(/s$/, '') : unit) ?? ''
  const text = (value: unknown) => `${settingText(value)} ${unitOf(value)}`.trim() || 'none'
  const value = settings[name]
  return value === undefined ? style.dim(`${unset ?? text(fallback)} (default)`) : text(value)
}
