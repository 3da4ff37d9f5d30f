/**
 * Counts the tests of vitest's JSON report. A file that failed outside of any test counts as one failed test.
 * @param {{ numPassedTests: number, numFailedTests: number,
 *   numPendingTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTests({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests }
}
