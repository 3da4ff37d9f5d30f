/** What the runtime in an attempt's container told. */
export const sql = `
ALTER TABLE attempts ADD COLUMN report TEXT;
`
