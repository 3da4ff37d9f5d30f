import { useId } from 'react'
import type { SettingFieldView } from '../../../../src/http/contract.ts'
import { defaultText } from '../../project/setting-values.ts'
import { Words } from '../basics.tsx'

interface Props {
  field: SettingFieldView
  /** An empty one means the default. */
  text: string
  errors: readonly string[]
  /** What this machine cannot give of it. */
  warnings: readonly string[]
  onEdit: (text: string) => void
}

/** The control itself shows a default that is a value. */
const unsetWords = (field: SettingFieldView) =>
  field.unset === undefined && field.kind !== 'mounts' ? 'The default' : `Not set: ${defaultText(field)}`

const WORDS: Record<string, string> = { true: 'yes', false: 'no' }

/** One setting: what it does, its value, its default, what is wrong with it, and what this machine cannot give. */
export function SettingField({ field, text, errors, warnings, onEdit }: Props) {
  const id = useId()
  const isSet = text.trim() !== ''
  const about = {
    id,
    'aria-describedby': `${id}-about ${id}-default${errors.length > 0 ? ` ${id}-error` : ''}${warnings.length > 0 ? ` ${id}-warning` : ''}`,
    'aria-invalid': errors.length > 0,
    value: text,
    name: field.name,
    onChange: ({ target }: { target: { value: string } }) => onEdit(target.value),
  }
  return (
    <div className="setting" data-set={isSet}>
      <label htmlFor={id}>
        {field.title} <code className="dim">{field.name}</code>
      </label>
      <p className="dim small" id={`${id}-about`}>
        <Words text={field.description} />
      </p>
      <div className="value">
        <Control field={field} about={about} />
        {field.unit === undefined ? null : <span className="dim">{field.unit}</span>}
      </div>
      <div>
        {errors.length === 0 ? null : (
          <p className="bad small" id={`${id}-error`}>
            {errors.join(' ')}
          </p>
        )}
        {warnings.length === 0 ? null : (
          <p className="warn small" id={`${id}-warning`}>
            {warnings.join(' ')}
          </p>
        )}
        <p className="dim small">
          <span id={`${id}-default`}>{isSet ? `Default: ${defaultText(field)}` : unsetWords(field)}</span>
          {isSet ? (
            <>
              {' · '}
              <button
                type="button"
                className="link"
                onClick={() => onEdit('')}
                aria-label={`${field.title}: back to the default`}
              >
                back to the default
              </button>
            </>
          ) : null}
        </p>
      </div>
    </div>
  )
}

interface ControlProps {
  field: SettingFieldView
  about: Omit<React.ComponentProps<'input'>, 'onChange'> & {
    value: string
    onChange: (event: { target: { value: string } }) => void
  }
}

function Control({ field, about }: ControlProps) {
  const { id, name, value, onChange } = about
  const described = { 'aria-describedby': about['aria-describedby'], 'aria-invalid': about['aria-invalid'] }
  const choices = field.kind === 'switch' ? [true, false] : field.choices
  if (choices) {
    return (
      <select id={id} name={name} value={value} onChange={onChange} {...described}>
        <option value="">{field.unset === undefined ? `${defaultText(field)} (default)` : 'not set'}</option>
        {choices.map((choice) => (
          <option key={String(choice)} value={String(choice)}>
            {WORDS[String(choice)] ?? String(choice)}
          </option>
        ))}
      </select>
    )
  }
  if (field.kind === 'mounts') {
    return (
      <textarea
        {...{ id, name, value, onChange, ...described }}
        rows={Math.max(2, value.split('\n').length)}
        placeholder="/srv/data/cats:/data/cats"
        spellCheck={false}
      />
    )
  }
  const isNumber = field.kind === 'number' || field.kind === 'integer'
  return (
    <input
      {...{ id, name, value, onChange, ...described }}
      type="text"
      inputMode={isNumber ? 'decimal' : undefined}
      className={isNumber || field.kind === 'size' ? 'short' : undefined}
      placeholder={field.unset === undefined ? defaultText({ ...field, unit: undefined }) : undefined}
      spellCheck={false}
      autoComplete="off"
    />
  )
}
