/** The end of the day that the form names, ms since the epoch; null where it names none. */
export function endOf(form: FormData): number | null {
  const day = String(form.get('ends') ?? '')
  return day === '' ? null : new Date(`${day}T23:59:59`).getTime()
}

/** Name and end of a token that is to be made. */
export const TokenFields = () => (
  <div className="pair">
    <label>
      <span>
        Token <span className="dim">where it is used</span>
      </span>
      <input
        name="token"
        required
        maxLength={64}
        placeholder="laptop"
        autoComplete="off"
        spellCheck={false}
      />
    </label>
    <label>
      <span>
        Ends after <span className="dim">optional</span>
      </span>
      <input name="ends" type="date" />
    </label>
  </div>
)
