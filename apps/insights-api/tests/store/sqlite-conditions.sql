-- 
1 = 1
-- {}

-- kind:request duration:>500ms status:5xx user:42 "free text" -name:health
(e.kind = @q0 AND (e.duration_us IS NOT NULL AND e.duration_us > @q1) AND (e.code IS NOT NULL AND length(e.code) BETWEEN 1 AND 9 AND e.code NOT GLOB '*[^0-9]*' AND CAST(e.code AS INTEGER) >= @q2 AND CAST(e.code AS INTEGER) <= @q3) AND (e.user IS NOT NULL AND e.user LIKE @q4 ESCAPE '\') AND ((e.name IS NOT NULL AND e.name LIKE @q5 ESCAPE '\') OR (e.message IS NOT NULL AND e.message LIKE @q6 ESCAPE '\') OR (e.code IS NOT NULL AND e.code LIKE @q7 ESCAPE '\') OR (e.properties IS NOT NULL AND e.properties LIKE @q8 ESCAPE '\')) AND NOT ((e.name IS NOT NULL AND e.name LIKE @q9 ESCAPE '\')))
-- {"q0":"request","q1":500000,"q2":500,"q3":599,"q4":"42","q5":"%free text%","q6":"%free text%","q7":"%free text%","q8":"%free text%","q9":"%health%"}

-- name:="GET /" OR name:GET*
((e.name IS NOT NULL AND e.name LIKE @q0 ESCAPE '\') OR (e.name IS NOT NULL AND e.name LIKE @q1 ESCAPE '\'))
-- {"q0":"GET /","q1":"GET%"}

-- message:"100% of_[a]\\"
(e.message IS NOT NULL AND e.message LIKE @q0 ESCAPE '\')
-- {"q0":"%100\\% of\\_[a]\\\\%"}

-- severity:>=warning success:false
((e.severity IS NOT NULL AND e.severity IN (@q0, @q1, @q2)) AND (e.success IS NOT NULL AND e.success = @q3))
-- {"q0":"warning","q1":"error","q2":"critical","q3":0}

-- status:>=400 -(status:404 OR status:"5xx")
((e.code IS NOT NULL AND length(e.code) BETWEEN 1 AND 9 AND e.code NOT GLOB '*[^0-9]*' AND CAST(e.code AS INTEGER) >= @q0) AND NOT (((e.code IS NOT NULL AND e.code LIKE @q1 ESCAPE '\') OR (e.code IS NOT NULL AND e.code LIKE @q2 ESCAPE '\'))))
-- {"q0":400,"q1":"404","q2":"5xx"}

-- properties.tenant:acme properties."a \"key\"":*
((e.properties IS NOT NULL AND instr(e.properties, @q0) > 0 AND EXISTS (SELECT 1 FROM json_each(e.properties) AS j WHERE j.key = @q1 AND j.atom LIKE @q2 ESCAPE '\')) AND (e.properties IS NOT NULL AND instr(e.properties, @q3) > 0 AND EXISTS (SELECT 1 FROM json_each(e.properties) AS j WHERE j.key = @q4 AND j.atom IS NOT NULL)))
-- {"q0":"\"tenant\"","q1":"tenant","q2":"acme","q3":"\"a \\\"key\\\"\"","q4":"a \"key\""}

-- measurements.items:1..3 value:<=-1.5 count:>1
((e.measurements IS NOT NULL AND instr(e.measurements, @q0) > 0 AND EXISTS (SELECT 1 FROM json_each(e.measurements) AS j WHERE j.key = @q1 AND j.atom >= @q2 AND j.atom <= @q3)) AND (e.value IS NOT NULL AND e.value <= @q4) AND (e.weight IS NOT NULL AND e.weight > @q5))
-- {"q0":"\"items\"","q1":"items","q2":1,"q3":3,"q4":-1.5,"q5":1}

-- user:*'; operation:a*b
((e.user IS NOT NULL AND e.user LIKE @q0 ESCAPE '\') AND (e.operation_id IS NOT NULL AND e.operation_id LIKE @q1 ESCAPE '\'))
-- {"q0":"%';","q1":"a%b"}
