/** Refused sign-ins of this hour, without a look at all that came before. */
export const sql = `
CREATE INDEX audit_refused ON audit (at, address) WHERE action = 'sign-in refused';
`
