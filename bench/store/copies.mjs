/** Many runs from a few: each copy of all rows has ids, names and commits of its own. */

/** Tables in the order in which they point to one another, with what is not the same in a copy. */
const TABLES = {
  runs: { id: 'runs', best_trial_id: 'trials' },
  deliveries: { id: 'deliveries', run_id: 'runs' },
  jobs: { id: 'jobs', run_id: 'runs' },
  trials: { id: 'trials', run_id: 'runs' },
  attempts: { id: 'attempts', trial_id: 'trials' },
  packed_metrics: { attempt_id: 'attempts' },
  mails: { id: 'mails', run_id: 'runs' },
}
const UNIQUE = {
  'runs.sha': `printf('%08x', CAST(@copy AS INTEGER)) || substr(sha, 9)`,
  'runs.project_id': '1 + (id - 1 + @runs) % @projects',
  'runs.number': '1 + CAST((id - 1 + @runs) / @projects AS INTEGER)',
  'deliveries.project_id': '1 + (run_id - 1 + @runs) % @projects',
  'deliveries.delivery_id': `delivery_id || '-' || CAST(@copy AS INTEGER)`,
  'attempts.container': `container || '-' || @copy`,
  'mails.message_id': `@copy || '-' || message_id`,
}

/** @param copies of the rows that are there */
export function copyRows(db, copies, projects) {
  const steps = Object.fromEntries(
    Object.keys(TABLES).map((table) => {
      const key = table === 'packed_metrics' ? 'attempt_id' : 'id'
      return [table, db.prepare(`SELECT max(${key}) FROM ${table}`).pluck().get()]
    }),
  )
  const statements = Object.entries(TABLES).map(([table, moved]) => {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table)
    const values = columns.map(
      (name) => UNIQUE[`${table}.${name}`] ?? (moved[name] ? `"${name}" + @${moved[name]}` : `"${name}"`),
    )
    const key = table === 'packed_metrics' ? 'attempt_id' : 'id'
    const names = columns.map((name) => `"${name}"`).join(', ')
    return db.prepare(
      `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM ${table} WHERE ${key} <= ${steps[table]}`,
    )
  })
  db.pragma('foreign_keys = OFF')
  for (let copy = 1; copy <= copies; copy++) {
    const moved = Object.fromEntries(Object.entries(steps).map(([table, step]) => [table, copy * step]))
    db.transaction(() => {
      for (const statement of statements) statement.run({ ...moved, copy, projects })
    })()
  }
  db.pragma('foreign_keys = ON')
}
