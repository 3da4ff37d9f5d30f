/** Detections as they were before families, tasks, ties and structure; see domain/detection.ts. */
export const sql = `
UPDATE runs SET detection = json_set(detection,
  '$.framework',
    CASE detection ->> '$.framework' WHEN 'sklearn' THEN 'scikit-learn' ELSE detection ->> '$.framework' END,
  '$.family', json('null'),
  '$.task', 'classification',
  '$.metric', json('{"name":"accuracy","direction":"maximize"}'),
  '$.versions', json('[]'),
  '$.image', json('null'),
  '$.leftAlone', json('[]'),
  '$.hyperparameters', (
    SELECT json_group_array(
      json_insert(item.value, '$.column', 1, '$.source', '', '$.influence', 1, '$.ties', json('[]'),
        '$.condition', json('null'), '$.variants', json('null'))
      ORDER BY item.key)
    FROM json_each(runs.detection, '$.hyperparameters') AS item
  )
)
WHERE json_type(detection) = 'object';
`
