/** A query of every kind of test: what databases are asked for them is pinned. */
export const RAW_QUERIES = [
  '',
  'kind:request duration:>500ms status:5xx user:42 "free text" -name:health',
  'name:="GET /" OR name:GET*',
  'message:"100% of_[a]\\\\"',
  'severity:>=warning success:false',
  'status:>=400 -(status:404 OR status:"5xx")',
  'properties.tenant:acme properties."a \\"key\\"":*',
  'measurements.items:1..3 value:<=-1.5 count:>1',
  "user:*'; operation:a*b",
] as const;
