/** How often in a row a mail was refused; one that is refused too often is given up (state `failed`). */
export const sql = `
ALTER TABLE mails ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
`
